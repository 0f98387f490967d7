// What a person puts right: kept step by step, the numbers follow, and every step can be undone.
import { ask } from "/static/live.js";

const find = (id) => document.getElementById(id);
const HINTS = { height: "1.66, 166cm or 5'5\"", speed: "10km/h, 6:00/km or 2.8m/s", slow_motion: "4" };

export class PutRight {
  #chosen = null;

  constructor(number, { frame, seconds, after, redrawn }) {
    Object.assign(this, { number, frame, seconds, after, redrawn, data: null });
    const end = (name) => () => this.#send({ ...this.#contact(), [name]: this.seconds(this.frame()) });
    find("land-here").addEventListener("click", end("strike_s"));
    find("leave-here").addEventListener("click", end("toe_off_s"));
    find("no-contact").addEventListener("click", () => this.#send({ ...this.#contact(), gone: true }));
    find("swap").addEventListener("click", () => this.#send({ kind: "swap" }));
    find("faces").addEventListener("click", () => this.#send({ kind: "faces" }));
    find("cut-start").addEventListener("click", () => this.#cut(this.seconds(this.frame()), this.#ends()[1]));
    find("cut-stop").addEventListener("click", () => this.#cut(this.#ends()[0], this.seconds(this.frame())));
    find("undo").addEventListener("click", () => this.#undo(false));
    find("undo-all").addEventListener("click", () => this.#undo(true));
    find("what").addEventListener("change", () => (find("said").placeholder = HINTS[find("what").value]));
    find("say").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send({ kind: find("what").value, said: find("said").value });
    });
  }

  isChosen(contact) {
    return Boolean(this.#chosen) && this.#chosen.side === contact.side && Math.abs(this.#chosen.strike_s - contact.strike_s) < 1e-3;
  }

  choose(contact) {
    this.#chosen = contact;
    find("chosen").textContent = `The ${contact.side} foot, ${(contact.strike_s / this.data.slower).toFixed(2)} to ${(contact.toe_off_s / this.data.slower).toFixed(2)} s. Step to the right frame, then say what happens there.`;
    find("contact-tools").hidden = false;
  }

  use(data) {
    this.data = data;
    if (this.#chosen) {
      const same = data.contacts.filter((each) => each.side === this.#chosen.side);
      const near = same.sort((a, b) => Math.abs(a.strike_s - this.#chosen.strike_s) - Math.abs(b.strike_s - this.#chosen.strike_s))[0];
      if (near) this.choose(near);
    }
    find("steps").replaceChildren(...data.steps.map((step) => Object.assign(document.createElement("li"), { textContent: this.#says(step) })));
    if (!this.#chosen) find("chosen").textContent = data.contacts.length ? "Choose a contact in the strip below the film, or say more here." : "Was the film read wrongly? Say so here.";
    find("undoing").hidden = data.steps.length === 0;
    const people = find("people");
    people.hidden = data.people.length < 2;
    people.replaceChildren(
      ...data.people.map(({ number }) => {
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: `Person ${number + 1}` });
        button.setAttribute("aria-pressed", String(number === data.person));
        button.addEventListener("click", () => this.#send({ kind: "person", person: number }));
        return button;
      })
    );
  }

  #contact() {
    return { kind: "contact", side: this.#chosen.side, at_s: this.#chosen.strike_s };
  }

  #ends() {
    const cut = this.data.steps.filter((step) => step.kind === "cut").at(-1);
    return cut ? [cut.start_s, cut.stop_s] : [0, this.data.time_s.at(-1)];
  }

  #cut(start_s, stop_s) {
    return this.#send({ kind: "cut", start_s, stop_s });
  }

  #says(step) {
    const at = (seconds) => `${(seconds / this.data.slower).toFixed(2)} s`;
    if (step.kind === "contact" && step.gone) return `No contact of the ${step.side} foot at ${at(step.at_s)}`;
    if (step.kind === "contact") {
      const what = step.strike_s === null ? `leaves at ${at(step.toe_off_s)}` : `lands at ${at(step.strike_s)}`;
      return `The ${step.side} foot ${what}`;
    }
    return {
      cut: `Cut to ${step.start_s?.toFixed(2)} to ${step.stop_s?.toFixed(2)} s of the film`,
      swap: "Left and right swapped",
      faces: "Faces blurred in the report and its links",
      person: `Person ${step.person + 1}`,
      height: `Height ${step.height_m?.toFixed(2)} m`,
      speed: `Speed ${step.speed_mps?.toFixed(2)} m/s`,
      slow_motion: `${step.times} times slower than life`,
    }[step.kind];
  }

  #send(step) {
    return this.#post("right", JSON.stringify(step));
  }

  #undo(every) {
    return this.#post(`undo${every ? "?every=true" : ""}`, "");
  }

  async #post(what, body) {
    const [working, began] = [find("working"), performance.now()];
    working.textContent = "Measuring again ...";
    const answer = await ask(`/takes/${this.number}/film/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (!answer.ok) {
      working.textContent = (await answer.text()).trim();
      return;
    }
    const fresh = await answer.json();
    this.after(fresh);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const drawn = this.redrawn ? " The report is drawn again in the background." : "";
    working.textContent = `Measured again in ${seconds} s.${drawn}`;
  }
}
