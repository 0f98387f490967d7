// The film as it was given, frame by frame by its own time stamps, with what was found in it drawn over it.
import { Marks } from "/static/marks.js";
import { Overlay } from "/static/overlay.js";
import { PutRight } from "/static/put-right.js";
import { ask, ended } from "/static/live.js";

const find = (id) => document.getElementById(id);
const player = find("player");
const number = player.dataset.number;
const film = find("film");
const stage = find("stage");
const [place, now, play, loop, speed, strip] = ["place", "now", "play", "loop", "speed", "contacts"].map(find);
const PROXY_HZ = 30;
const ROUNDING_S = 0.002; // of time stamps; a last frame may have no length
const START_MS = 20_000; // a browser that has not told the time of the first frame by then does not tell it
const CONTACT_REM = 1.2; // the strip is at least so wide for each contact, so that a thumb can choose one

const deleted = "deleted" in player.dataset; // the film is no more; what was found in it is

let data = null;
let shown = 0; // the frame on the screen, or asked for
let proxy = false; // the film plays as one frame of ours for each of its own
let start_s = null; // what the browser calls the time of the first frame; null: not known yet
let stride = null; // [first, last] frame of the stride that is looped

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const last = () => data.time_s.length - 1;

/** The middle of a frame in the time of the browser: a time at its edge may show the frame before. */
const middle_s = (frame) => {
  if (proxy) return (frame + 0.5) / PROXY_HZ;
  const from = data.time_s[frame];
  const to = frame < last() ? data.time_s[frame + 1] : from + (from - data.time_s[frame - 1] || 0.03);
  return start_s + (from + to) / 2;
};

/** The frame that is on the screen at a time of the browser. */
const frameAt = (seconds) => {
  if (proxy) return clamp(Math.floor(seconds * PROXY_HZ + 0.01), 0, last());
  const wanted = seconds - start_s + 1e-4;
  let [low, high] = [0, last()];
  while (low < high) {
    const half = (low + high + 1) >> 1;
    if (data.time_s[half] <= wanted) low = half;
    else high = half - 1;
  }
  return low;
};

const overlay = new Overlay(find("over"), film);
const marks = new Marks(number, { frame: () => shown, show: (frame) => show(frame), pause: () => film.pause(), stage, overlay });

const tell = () => {
  const life_s = data.time_s[shown] / data.slower;
  now.textContent = `${life_s.toFixed(3)} s · frame ${shown}`;
  place.value = shown;
  place.setAttribute("aria-valuetext", `${life_s.toFixed(2)} seconds, frame ${shown}`);
  document.documentElement.dataset.frame = shown;
  overlay.draw(shown);
  strip.scrollLeft = (data.time_s[shown] / (data.time_s.at(-1) || 1)) * strip.scrollWidth - strip.clientWidth / 2;
  for (const curve of document.querySelectorAll("#curves svg[data-timed]")) {
    const { x0, x1, left, right } = curve.dataset;
    const x = +left + ((life_s - x0) / (x1 - x0)) * (right - left);
    const cursor = curve.querySelector(".cursor");
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
  }
};

const show = (frame) => {
  shown = clamp(frame, 0, last());
  if (proxy || start_s !== null) film.currentTime = middle_s(shown);
  tell();
};

const step = (by) => {
  film.pause();
  show(shown + by);
};

const toggle = () => deleted || (film.paused ? film.play() : film.pause());

const toggleLoop = () => {
  const chosen = data.strides.find(([, end]) => data.time_s[shown] < end) ?? data.strides.at(-1);
  stride = stride || !chosen ? null : chosen.map((s) => data.time_s.findIndex((t) => t >= s - 1e-6));
  loop.setAttribute("aria-pressed", String(stride !== null));
  if (stride) {
    show(stride[0]);
    film.play();
  }
};

/** The film with its controls over the whole screen; over the whole page where the browser keeps the screen (iPhone). */
const toggleFull = () => {
  const whole = find("player").querySelector(".left");
  if (document.fullscreenElement) return document.exitFullscreen();
  if (whole.requestFullscreen && document.fullscreenEnabled) return whole.requestFullscreen();
  find("full").setAttribute("aria-pressed", String(whole.classList.toggle("filled")));
};

const onFrame = (seconds) => {
  shown = frameAt(seconds);
  if (stride && !film.paused && (shown >= stride[1] || shown < stride[0])) show(stride[0]);
  else tell();
};
const each = (_, picture) => {
  if (!film.seeking && data && (proxy || start_s !== null)) onFrame(picture.mediaTime);
  film.requestVideoFrameCallback(each);
};
if ("requestVideoFrameCallback" in film) film.requestVideoFrameCallback(each);
else film.addEventListener("timeupdate", () => film.seeking || !data || onFrame(film.currentTime));

/**
 * Find out what the browser calls the time of the first frame: many films do not begin at 0. A browser tells the time of a
 * picture only when it changes, so it is shown the middle of the film before. Returns null where it does not tell it.
 */
const findStart = async () => {
  if (!("requestVideoFrameCallback" in film) || !Number.isFinite(film.duration)) return 0;
  const never = new Promise((done) => setTimeout(done, START_MS, null));
  const sought = new Promise((done) => film.addEventListener("seeked", done, { once: true }));
  film.currentTime = film.duration / 2;
  await Promise.race([sought, never]);
  const told = new Promise((done) => {
    const look = (_, picture) => (picture.mediaTime < 0.4 * film.duration ? done(picture.mediaTime) : film.requestVideoFrameCallback(look));
    film.requestVideoFrameCallback(look);
    film.currentTime = 0;
  });
  return Promise.race([told, never]);
};

/** Wait until somebody looks: a page in the background shows no pictures. */
const looked = () => (document.hidden ? new Promise((done) => document.addEventListener("visibilitychange", done, { once: true })) : null);

/** Playback in parts of the speed of life. */
const setSpeed = () => {
  const film_s = proxy ? data.time_s.at(-1) / (data.time_s.length / PROXY_HZ) : 1;
  film.playbackRate = clamp(+speed.value * data.slower * film_s, 0.0625, 16);
};

const complain = (says) => {
  const problem = find("problem");
  problem.textContent = says;
  problem.hidden = false;
};

/** Play a copy of the film that this browser can decode: made when it is first asked for. */
const useProxy = async () => {
  if (proxy) return;
  proxy = true;
  const address = `/takes/${number}/film/proxy.mp4`;
  const ready = await ask(address, { headers: { Range: "bytes=0-1" } });
  if (!ready.ok) {
    const why = data?.turned ? "The film lies on its side." : "This browser cannot show every frame of the film.";
    find("working").textContent = `${why} A copy that can be shown is being made.`;
    const asked = await ask(`/takes/${number}/film/proxy`, { method: "POST" });
    const made = asked.ok ? await ended((await asked.json()).job) : { state: "failed", says: (await asked.text()).trim() };
    find("working").textContent = "";
    if (made.state !== "done") return complain(made.says || "No copy was made. Open this page again to try once more.");
  }
  film.src = address;
  film.addEventListener("loadeddata", () => (setSpeed(), show(shown)), { once: true });
};
film.addEventListener("error", useProxy);
film.addEventListener("loadedmetadata", () => {
  if (film.videoWidth === 0) useProxy();
});

// -- what was found --------------------------------------------------------------------------------------------------

const make = (tag, words = "", settings = {}) => Object.assign(document.createElement(tag), { textContent: words }, settings);
const right = new PutRight(number, { frame: () => shown, seconds: (frame) => data.time_s[frame], after: (fresh) => take(fresh), redrawn: !deleted });

const drawContacts = () => {
  const whole = data.time_s.at(-1) || 1;
  const line = make("div");
  line.style.width = `max(100%, ${CONTACT_REM * data.contacts.length}rem)`;
  line.append(
    ...data.contacts.map((contact) => {
      const near = contact.side === data.near;
      const seconds = [contact.strike_s, contact.toe_off_s].map((s) => (s / data.slower).toFixed(2));
      const button = make("button", "", { type: "button", className: near ? "near" : "far" });
      button.setAttribute("aria-label", `${contact.side} foot on the ground, ${seconds[0]} to ${seconds[1]} s${contact.by_hand ? ", put right by hand" : ""}`);
      button.setAttribute("aria-pressed", String(right.isChosen(contact)));
      button.title = button.getAttribute("aria-label");
      button.classList.toggle("by-hand", contact.by_hand);
      button.style.left = `${(100 * contact.strike_s) / whole}%`;
      button.style.width = `${(100 * (contact.toe_off_s - contact.strike_s)) / whole}%`;
      button.addEventListener("click", () => {
        film.pause();
        right.choose(contact);
        show(contact.strike_frame);
        drawContacts();
      });
      return button;
    })
  );
  const inHand = strip.contains(document.activeElement);
  strip.replaceChildren(line);
  if (inHand) strip.querySelector("[aria-pressed=true]")?.focus({ preventScroll: true });
};

const drawNumbers = () => {
  find("headline").textContent = data.headline;
  find("cue").textContent = data.cue ? `“${data.cue}”` : "";
  find("tiles").replaceChildren(
    ...data.tiles.map((tile) => {
      const item = make("li");
      item.append(make("span", tile.name, { className: "tile-name" }), make("strong", tile.number), make("span", tile.unit, { className: "unit" }));
      return item;
    })
  );
  find("rows").replaceChildren(
    ...data.rows.map((row) => {
      const line = make("tr");
      const name = make("th", row.name, { scope: "row" });
      const value = make("td");
      for (const each of row.values) value.append(make("p", each.side === "both" ? each.text : `${each.side}: ${each.text}`));
      line.append(name, value);
      return line;
    })
  );
};

const drawCurves = () => {
  find("curves").replaceChildren(
    ...data.curves.map((plot) => {
      const figure = make("figure", "", { className: "plot" });
      const box = make("div", "", { className: "scroll", tabIndex: 0 });
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", `${plot.title} over time`);
      const drawn = plot.svg.replaceAll(" style=", " data-style="); // a page of ours may have no styles of its own
      box.append(document.importNode(new DOMParser().parseFromString(drawn, "text/html").querySelector("svg"), true));
      for (const styled of box.querySelectorAll("[data-style]")) styled.style.cssText = styled.dataset.style;
      const curve = box.firstChild;
      const seek = (at) => {
        const { x0, x1, left, right: end } = curve.dataset;
        const x = ((at.clientX - curve.getBoundingClientRect().left) / curve.clientWidth) * curve.viewBox.baseVal.width;
        const life_s = +x0 + ((x - left) / (end - left)) * (x1 - x0);
        film.pause();
        show(data.time_s.findIndex((t) => t / data.slower >= life_s));
      };
      curve.addEventListener("click", seek);
      curve.addEventListener("pointermove", (at) => at.buttons === 1 && seek(at));
      figure.append(make("h3", plot.title), box, make("figcaption", plot.says));
      return figure;
    })
  );
};

const take = (fresh) => {
  data = fresh;
  if (deleted) film.style.aspectRatio = `${data.width} / ${data.height}`;
  place.max = last();
  loop.hidden = data.strides.length === 0;
  overlay.use(data);
  right.use(data);
  marks.use(data);
  find("typical").hidden = data.typical === null;
  strip.hidden = data.contacts.length === 0;
  for (const kind of ["near", "far"]) document.querySelector(`[data-layer="${kind}"]`).textContent = data.sides[kind];
  drawContacts();
  drawNumbers();
  drawCurves();
  setSpeed();
  tell();
};

// -- controls ----------------------------------------------------------------------------------------------------------

for (const [kind, sign, name] of [["play", "❙❙", "Pause"], ["pause", "▶", "Play"]])
  film.addEventListener(kind, () => {
    play.textContent = sign;
    play.setAttribute("aria-label", name);
  });
play.addEventListener("click", toggle);
stage.addEventListener("click", toggle);
find("back").addEventListener("click", () => step(-1));
find("on").addEventListener("click", () => step(1));
loop.addEventListener("click", toggleLoop);
speed.addEventListener("change", setSpeed);
place.addEventListener("input", () => {
  film.pause();
  show(+place.value);
});
find("full").addEventListener("click", toggleFull);
document.addEventListener("fullscreenchange", () => find("full").setAttribute("aria-pressed", String(Boolean(document.fullscreenElement))));
for (const button of document.querySelectorAll("[data-layer]"))
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    overlay.layers[button.dataset.layer] = on;
    find("typical-says").hidden = !overlay.layers.typical;
    overlay.draw(shown);
  });
document.addEventListener("keydown", (key) => {
  if (key.ctrlKey || key.metaKey || key.altKey || key.target.closest("select, input:not([type=range]), textarea, .scroll")) return;
  const acts = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), l: toggleLoop };
  if (key.key === " " && !key.target.closest("button, input, summary, a")) acts[" "] = toggle;
  if (!acts[key.key] || !data) return;
  key.preventDefault();
  acts[key.key]();
});
new ResizeObserver(() => data && overlay.draw(shown)).observe(stage);

const answer = await ask(`/takes/${number}/film/data.json`);
if (answer.ok) {
  const found = await answer.json();
  shown = found.contacts[0]?.strike_frame ?? found.first;
  take(found);
  find("working").textContent = "";
  if (deleted) {
    for (const control of [play, speed, loop]) control.disabled = true;
    tell();
  } else if (data.turned || film.error || (film.readyState >= 1 && film.videoWidth === 0)) useProxy(); // it lies on its side
  else {
    const ready = film.readyState >= 2 ? Promise.resolve() : new Promise((done) => film.addEventListener("loadeddata", done, { once: true }));
    await ready;
    await looked();
    start_s = proxy ? null : await findStart();
    const end_s = (start_s ?? Infinity) + data.time_s.at(-1) - ROUNDING_S;
    if (!proxy && end_s > film.duration) useProxy(); // it begins late: its end cannot be sought
    else show(shown);
  }
} else {
  find("working").textContent = "";
  complain((await answer.text()).trim());
}
