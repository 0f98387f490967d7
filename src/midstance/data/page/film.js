// The film, its controls, and everything that follows it: the cursor in the curves and the pictures that jump to a frame.
// The film repeats and slows frames of the clip: map.shows[i] is the frame of the clip shown by frame i of the film.
"use strict";
{
  const map = JSON.parse(document.getElementById("map").textContent);
  const film = document.getElementById("film");
  const part = film.closest("details");
  const stored = document.getElementById("film-data");
  const [play, back, on, place, speed, loop, now] = ["play", "back", "on", "place", "speed", "loop", "now"].map(
    (id) => document.getElementById(id)
  );
  const curves = [...document.querySelectorAll("svg[data-timed]")];
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  let shown = 0; // the frame of the film on the screen, or asked for
  let stride = null; // [first, last] film frame of the stride that is looped

  if (stored) {
    const bytes = Uint8Array.from(atob(stored.textContent.trim()), (c) => c.charCodeAt(0));
    film.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
  }

  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
  const clipFrame = () => map.shows[shown];

  /** First frame of the film that shows this frame of the clip, or the next one the film has. */
  const filmFrame = (frame) => {
    const found = map.shows.findIndex((each) => each >= frame);
    return found < 0 ? map.shows.length - 1 : found;
  };

  const showPlace = () => {
    const frame = clipFrame();
    const seconds = map.life_s[frame - map.first];
    now.textContent = `${seconds.toFixed(2)} s · frame ${frame}`;
    place.value = shown;
    place.setAttribute("aria-valuetext", `${seconds.toFixed(2)} seconds, frame ${frame}`);
    document.documentElement.dataset.frame = frame;
    for (const curve of curves) {
      const { x0, x1, left, right } = curve.dataset;
      const x = +left + ((seconds - x0) / (x1 - x0)) * (right - left);
      const cursor = curve.querySelector(".cursor");
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
      const box = curve.parentElement;
      const at = (x / curve.viewBox.baseVal.width) * curve.clientWidth;
      if (at < box.scrollLeft || at > box.scrollLeft + box.clientWidth) box.scrollLeft = at - box.clientWidth / 2;
    }
  };

  const show = (frame) => {
    shown = clamp(frame, 0, map.shows.length - 1);
    film.currentTime = (shown + 0.5) / map.rate_hz;
    showPlace();
  };

  /** One frame of the clip on or back; a freeze counts as one. */
  const step = (by) => {
    film.pause();
    let next = shown;
    while (map.shows[next] === clipFrame() && next + by >= 0 && next + by < map.shows.length) next += by;
    show(by < 0 ? filmFrame(map.shows[next]) : next);
  };

  const jump = (frame) => {
    film.pause();
    part.open = true;
    show(filmFrame(frame));
    if (film.getBoundingClientRect().bottom < 80 || film.getBoundingClientRect().top > window.innerHeight - 80)
      film.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "center" });
  };

  const toggle = () => (film.paused ? film.play() : film.pause());

  const toggleLoop = () => {
    const seconds = map.life_s[clipFrame() - map.first];
    const chosen = map.strides.find(([, end]) => seconds < end) ?? map.strides.at(-1);
    stride = stride || !chosen ? null : chosen.map((s) => filmFrame(map.first + map.life_s.findIndex((t) => t >= s)));
    loop.setAttribute("aria-pressed", String(stride !== null));
    if (stride) {
      show(stride[0]);
      film.play();
    }
  };

  /** Called for each picture the browser shows; its time says which frame of the film it is. */
  const follow = (seconds) => {
    shown = clamp(Math.floor(seconds * map.rate_hz + 0.01), 0, map.shows.length - 1);
    if (stride && !film.paused && (shown >= stride[1] || shown < stride[0])) show(stride[0]);
    else showPlace();
  };
  if ("requestVideoFrameCallback" in film) {
    const each = (_, picture) => {
      if (!film.seeking) follow(picture.mediaTime);
      film.requestVideoFrameCallback(each);
    };
    film.requestVideoFrameCallback(each);
  } else film.addEventListener("timeupdate", () => film.seeking || follow(film.currentTime));

  film.addEventListener("play", () => {
    play.textContent = "❙❙";
    play.setAttribute("aria-label", "Pause");
  });
  film.addEventListener("pause", () => {
    play.textContent = "▶";
    play.setAttribute("aria-label", "Play");
  });
  play.addEventListener("click", toggle);
  back.addEventListener("click", () => step(-1));
  on.addEventListener("click", () => step(1));
  loop.addEventListener("click", toggleLoop);
  loop.hidden = map.strides.length === 0;
  film.playbackRate = +speed.value;
  speed.addEventListener("change", () => (film.playbackRate = +speed.value));
  place.addEventListener("input", () => {
    film.pause();
    show(+place.value);
  });

  document.addEventListener("keydown", (key) => {
    if (key.ctrlKey || key.metaKey || key.altKey || key.target.closest("select, .scroll, .strip")) return;
    const acts = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), l: toggleLoop };
    if (key.target.closest("input[type=search]")) return;
    if (key.key === " " && !key.target.closest("button, input, summary, a")) acts[" "] = toggle;
    if (!acts[key.key]) return;
    key.preventDefault();
    acts[key.key]();
  });

  for (const button of document.querySelectorAll(".jump"))
    button.addEventListener("click", () => jump(+button.dataset.frame));

  for (const curve of curves) {
    const seek = (at) => {
      const { x0, x1, left, right } = curve.dataset;
      const x = ((at.clientX - curve.getBoundingClientRect().left) / curve.clientWidth) * curve.viewBox.baseVal.width;
      const seconds = +x0 + ((x - left) / (right - left)) * (x1 - x0);
      const later = map.life_s.findIndex((t) => t >= seconds);
      film.pause();
      show(filmFrame(map.first + (later < 0 ? map.life_s.length - 1 : later)));
    };
    curve.addEventListener("click", seek);
    curve.addEventListener("pointermove", (at) => at.pointerType === "mouse" && at.buttons === 1 && seek(at));
  }

  // -- zoom: two fingers, or Ctrl and the wheel; one finger moves what is enlarged ------------------------------------

  const screen = document.querySelector(".screen");
  const zoomed = document.querySelector(".zoomed");
  const fit = document.getElementById("fit");
  const fingers = new Map(); // pointer: where it is, pixels of the screen
  let view = { scale: 1, x: 0, y: 0 };
  let moved = false;

  const place_ = () => screen.getBoundingClientRect();
  const look = (scale, x, y) => {
    const box = place_();
    scale = clamp(scale, 1, 8);
    view = { scale, x: clamp(x, box.width * (1 - scale), 0), y: clamp(y, box.height * (1 - scale), 0) };
    zoomed.style.transform = scale === 1 ? "" : `translate(${view.x}px, ${view.y}px) scale(${scale})`;
    screen.style.touchAction = scale === 1 ? "pan-y" : "none";
    fit.hidden = scale === 1;
  };
  /** Enlarge about a point of the screen, which stays where it is. */
  const zoom = (times, at) => {
    const scale = clamp(view.scale * times, 1, 8);
    const kept = scale / view.scale;
    look(scale, at.x - (at.x - view.x) * kept, at.y - (at.y - view.y) * kept);
  };
  const at = (event) => ({ x: event.clientX - place_().left, y: event.clientY - place_().top });
  const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

  screen.addEventListener("pointerdown", (event) => {
    if (!fingers.size) moved = false;
    fingers.set(event.pointerId, at(event));
    screen.setPointerCapture(event.pointerId);
  });
  screen.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    if (fingers.size === 2) {
      const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      const shift = middle(now, other);
      const old = middle(before, other);
      zoom(apart(now, other) / (apart(before, other) || 1), shift);
      look(view.scale, view.x + shift.x - old.x, view.y + shift.y - old.y);
      moved = true;
    } else if (apart(now, before) > (moved ? 0 : 6)) {
      if (view.scale > 1) look(view.scale, view.x + now.x - before.x, view.y + now.y - before.y);
      moved = true;
    } else return;
    fingers.set(event.pointerId, now);
  });
  const lift = (event) => {
    const tapped = fingers.size === 1 && !moved && event.type === "pointerup";
    fingers.delete(event.pointerId);
    if (tapped && angle.getAttribute("aria-pressed") === "true") mark(at(event));
    else if (tapped) toggle();
  };
  screen.addEventListener("pointerup", lift);
  screen.addEventListener("pointercancel", lift);
  screen.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 300), at(event));
    },
    { passive: false }
  );
  fit.addEventListener("click", () => look(1, 0, 0));

  // -- the angle between three points of the paused film ---------------------------------------------------------------

  const angle = document.getElementById("angle");
  const hint = document.getElementById("angle-hint");
  const drawn = document.getElementById("angle-drawn");
  let points = [];

  const draw = () => {
    const path = points.map((p, i) => `${i ? "L" : "M"}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join("");
    const dots = points.map((p) => `<circle cx="${p.x.toFixed(1)}" cy="${p.y.toFixed(1)}" r="8"/>`).join("");
    let number = "";
    if (points.length === 3) {
      const [a, joint, b] = points;
      const turn = Math.atan2(a.y - joint.y, a.x - joint.x) - Math.atan2(b.y - joint.y, b.x - joint.x);
      const degrees = Math.abs((((turn * 180) / Math.PI + 540) % 360) - 180).toFixed(0);
      number = `<text x="${(joint.x + 16).toFixed(1)}" y="${(joint.y - 16).toFixed(1)}">${degrees}°</text>`;
    }
    drawn.innerHTML = points.length ? `<path class="edge" d="${path}"/><path d="${path}"/>${dots}${number}` : "";
  };
  const mark = (where) => {
    film.pause();
    const [box, size] = [place_(), drawn.viewBox.baseVal];
    if (points.length === 3) points = [];
    points.push({
      x: ((where.x - view.x) / view.scale / box.width) * size.width,
      y: ((where.y - view.y) / view.scale / box.height) * size.height,
    });
    draw();
  };
  angle.addEventListener("click", () => {
    const on_ = angle.getAttribute("aria-pressed") !== "true";
    angle.setAttribute("aria-pressed", String(on_));
    screen.classList.toggle("measuring", on_);
    hint.hidden = !on_;
    points = [];
    draw();
    if (on_) film.pause();
  });
  film.addEventListener("play", () => {
    points = [];
    draw();
  });

  show(map.focus === null ? 0 : filmFrame(map.focus));
}
