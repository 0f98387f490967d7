// Angles, lines and notes drawn into a frame of the film: kept with the take, and undone from the newest.
import { ask } from "/static/live.js";

const POINTS = { angle: 3, line: 2, note: 1 };
const HINTS = {
  angle: "Tap three points: one end, the joint, the other end.",
  line: "Tap both ends of the line.",
  note: "Tap the place, then write.",
};
const COLOUR = "#ffe066";

const find = (id) => document.getElementById(id);
const make = (tag, words = "", settings = {}) => Object.assign(document.createElement(tag), { textContent: words }, settings);

/** The angle at the joint between two ends, 0 to 180 degrees. */
const angleAt = ([a, joint, b]) => {
  const turn = Math.atan2(a[1] - joint[1], a[0] - joint[0]) - Math.atan2(b[1] - joint[1], b[0] - joint[0]);
  return Math.abs((((turn * 180) / Math.PI + 540) % 360) - 180);
};

/** How far a line climbs or falls, 0 to 90 degrees. */
const slope = ([a, b]) => (Math.atan2(Math.abs(a[1] - b[1]), Math.abs(a[0] - b[0])) * 180) / Math.PI;

export class Marks {
  #tool = "";
  #points = []; // of the mark that is being drawn, pixels of the film
  #cross = null; // where the keyboard is

  constructor(number, { frame, show, pause, stage, overlay }) {
    Object.assign(this, { number, frame, show, pause, stage, overlay, data: null, kept: [] });
    for (const button of document.querySelectorAll("[data-tool]"))
      button.addEventListener("click", () => this.#turn(this.#tool === button.dataset.tool ? "" : button.dataset.tool));
    stage.addEventListener("click", (at) => {
      if (!this.#tool || !this.data) return;
      at.stopImmediatePropagation(); // a tap draws, it does not play
      this.#set(overlay.inFilm(at));
    });
    stage.addEventListener("keydown", (key) => this.#key(key));
    find("note").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#finish(find("note-text").value.trim());
    });
    find("undo-mark").addEventListener("click", () => this.#send("/undo"));
    overlay.also = (shown) => this.#draw(shown);
  }

  use(data) {
    this.data = data;
    this.#keep(data.marks);
  }

  #turn(tool) {
    this.#tool = tool;
    this.#points = [];
    this.#cross = null;
    for (const button of document.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    this.stage.classList.toggle("drawing", Boolean(tool));
    find("note").hidden = true;
    find("draw-says").textContent = tool ? `${HINTS[tool]} Or move the cross with the arrow keys, Enter sets a point.` : "";
    if (tool) {
      this.pause();
      this.stage.focus({ preventScroll: true });
    }
    this.overlay.draw(this.frame());
  }

  #key(key) {
    if (!this.#tool || !this.data || key.ctrlKey || key.metaKey || key.altKey) return;
    const { width, height } = this.data;
    const step = (key.repeat ? 0.02 : key.shiftKey ? 0.002 : 0.01) * height;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const from = this.#cross ?? [width / 2, height / 2];
    if (key.key in moves) {
      const [x, y] = moves[key.key];
      this.#cross = [Math.min(width, Math.max(0, from[0] + x)), Math.min(height, Math.max(0, from[1] + y))];
      this.overlay.draw(this.frame());
    } else if (key.key === "Enter") this.#set([...from]);
    else if (key.key === "Escape") {
      const button = document.querySelector(`[data-tool="${this.#tool}"]`);
      this.#turn("");
      button.focus();
    } else return;
    key.preventDefault();
    key.stopPropagation(); // the same keys step through the film
  }

  #set(point) {
    this.pause();
    if (this.#points.length === POINTS[this.#tool]) this.#points = [];
    this.#points.push(point.map((each) => Math.round(10 * each) / 10));
    this.overlay.draw(this.frame());
    if (this.#points.length < POINTS[this.#tool]) return;
    if (this.#tool !== "note") this.#finish("");
    else {
      find("note").hidden = false;
      find("note-text").focus();
    }
  }

  async #finish(text) {
    const mark = { kind: this.#tool, frame: this.frame(), points: this.#points, ...(text && { text }) };
    find("note-text").value = "";
    const tool = this.#tool;
    if (await this.#send("", JSON.stringify(mark))) {
      this.#turn("");
      document.querySelector(`[data-tool="${tool}"]`).focus({ preventScroll: true });
    }
  }

  /** Tell the server; return whether it was done. */
  async #send(what, body = "") {
    const answer = await ask(`/takes/${this.number}/film/marks${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (!answer.ok) {
      find("draw-says").textContent = (await answer.text()).trim();
      return false;
    }
    this.#keep(await answer.json());
    return true;
  }

  #keep(marks) {
    this.kept = marks;
    find("undo-mark").hidden = find("marks").hidden = marks.length === 0;
    find("marks").replaceChildren(
      ...marks.map((mark) => {
        const line = make("li");
        const says = `${(this.data.time_s[mark.frame] / this.data.slower).toFixed(2)} s: ${this.#says(mark)}`;
        const go = make("button", says, { type: "button", className: "quiet" });
        go.addEventListener("click", () => (this.pause(), this.show(mark.frame)));
        const remove = make("button", "Remove", { type: "button", className: "quiet" });
        remove.setAttribute("aria-label", `Remove ${says}`);
        remove.addEventListener("click", async () => {
          if (await this.#send(`/${mark.number}/remove`)) (find("undo-mark").hidden ? this.stage : find("undo-mark")).focus({ preventScroll: true });
        });
        line.append(go, remove);
        return line;
      })
    );
    this.overlay.draw(this.frame());
  }

  #says(mark) {
    if (mark.kind === "angle") return `angle ${Math.round(angleAt(mark.points))}°`;
    return mark.kind === "line" ? `line ${this.#length(mark.points)}` : mark.text;
  }

  #length([a, b]) {
    const metres = this.data.m_per_px === null ? "" : `${(Math.hypot(a[0] - b[0], a[1] - b[1]) * this.data.m_per_px).toFixed(2)} m, `;
    return `${metres}${Math.round(slope([a, b]))}° from level`;
  }

  #draw(shown) {
    for (const mark of this.kept) if (mark.frame === shown) this.#one(mark.points, this.#says(mark));
    if (this.#points.length) this.#one(this.#points, "");
    if (this.#tool && this.#cross) {
      const [x, y] = this.#cross;
      const arm = 0.02 * this.data.height;
      for (const ends of [[[x - arm, y], [x + arm, y]], [[x, y - arm], [x, y + arm]]]) this.overlay.line(ends.map((end) => this.overlay.place(end)), COLOUR, 2);
    }
  }

  #one(points, says) {
    const places = points.map((point) => this.overlay.place(point));
    this.overlay.line(places, COLOUR, 3);
    for (const place of places) this.overlay.dot(place, COLOUR);
    if (says) this.overlay.words(says.replace(/^(angle|line) /, ""), places[places.length === 3 ? 1 : 0], COLOUR);
  }
}
