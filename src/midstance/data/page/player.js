/** The film and its controls. It repeats and slows frames of the clip: map.shows[i] is the frame of the clip in its frame i. */
export function filmPlayer() {
  const map = JSON.parse(document.getElementById("map").textContent);
  const film = document.getElementById("film");
  const part = film.closest("details");
  const stored = document.getElementById("film-data");
  const [play, back, on, place, speed, loop, now] = ["play", "back", "on", "place", "speed", "loop", "now"].map(
    (id) => document.getElementById(id)
  );
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const followers = [];
  let shown = 0; // the frame of the film on the screen, or asked for
  let stride = null; // [first, last] film frame of the stride that is looped

  if (stored) {
    const bytes = Uint8Array.from(atob(stored.textContent.trim()), (c) => c.charCodeAt(0));
    film.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
  }

  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
  const clipFrame = () => map.shows[shown];
  const seconds = () => map.life_s[clipFrame() - map.first];

  /** First frame of the film that shows this frame of the clip, or the next one the film has. */
  const filmFrame = (frame) => {
    const found = map.shows.findIndex((each) => each >= frame);
    return found < 0 ? map.shows.length - 1 : found;
  };
  /** First frame of the clip at or after a time. */
  const frameAt = (time) => {
    const later = map.life_s.findIndex((t) => t >= time);
    return map.first + (later < 0 ? map.life_s.length - 1 : later);
  };

  const showPlace = () => {
    const frame = clipFrame();
    now.textContent = `${seconds().toFixed(2)} s · frame ${frame}`;
    place.value = shown;
    place.setAttribute("aria-valuetext", `${seconds().toFixed(2)} seconds, frame ${frame}`);
    document.documentElement.dataset.frame = frame;
    for (const each of followers) each(frame, seconds());
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
    const box = film.getBoundingClientRect();
    if (box.bottom < 80 || box.top > window.innerHeight - 80)
      film.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "center" });
  };

  const toggle = () => (film.paused ? film.play() : film.pause());

  const toggleLoop = () => {
    const chosen = map.strides.find(([, end]) => seconds() < end) ?? map.strides.at(-1);
    stride = stride || !chosen ? null : chosen.map((time) => filmFrame(frameAt(time)));
    loop.setAttribute("aria-pressed", String(stride !== null));
    if (stride) {
      show(stride[0]);
      film.play();
    }
  };

  /** Called for each picture the browser shows; its time says which frame of the film it is. */
  const follow = (time) => {
    shown = clamp(Math.floor(time * map.rate_hz + 0.01), 0, map.shows.length - 1);
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

  const named = (sign, name) => () => {
    play.textContent = sign;
    play.setAttribute("aria-label", name);
  };
  film.addEventListener("play", named("❙❙", "Pause"));
  film.addEventListener("pause", named("▶", "Play"));
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
    if (key.defaultPrevented || key.ctrlKey || key.metaKey || key.altKey) return;
    if (key.target.matches("select, .scroll, .strip, input[type=search], .other-film *")) return; // they have a use for the arrows
    const acts = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), l: toggleLoop };
    if (!key.target.closest("button, input, summary, a")) acts[" "] = toggle;
    if (!acts[key.key]) return;
    key.preventDefault();
    acts[key.key]();
  });

  for (const button of document.querySelectorAll(".jump"))
    button.addEventListener("click", () => jump(+button.dataset.frame));

  return {
    film,
    map,
    toggle,
    frameAt,
    pause: () => film.pause(),
    showClipFrame: (frame) => show(filmFrame(frame)),
    /** Call back with (frame of the clip, seconds) whenever another picture is shown. */
    onShow: (call) => followers.push(call),
    /** Show what the page opens with: the frame of the focus. */
    open: () => show(map.focus === null ? 0 : filmFrame(map.focus)),
  };
}
