/** A bar of its own below a film: the browser's would lie over the lines of a film that stands. data-rate: frames a second. */
export function filmBar(film) {
  const rate_hz = Number(film.dataset.rate);
  const bar = document.createElement("div");
  bar.className = "controls";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Film controls");
  bar.innerHTML = `<button type="button" aria-label="Play">▶</button>
    <button type="button" aria-label="One frame back">◀︎❙</button>
    <button type="button" aria-label="One frame on">❙▶︎</button>
    <input type="range" min="0" max="0" value="0" step="1" aria-label="Place in the film">
    <label>Speed <select><option value="0.25">¼</option><option value="0.5">½</option><option value="1" selected>1</option></select></label>`;
  const [play, back, on] = bar.querySelectorAll("button");
  const [place, speed] = [bar.querySelector("input"), bar.querySelector("select")];

  const last = () => Math.max(0, Math.round((film.duration || 0) * rate_hz) - 1);
  const shown = () => Math.min(last(), Math.floor(film.currentTime * rate_hz + 0.01));
  const show = (frame) => {
    film.pause();
    film.currentTime = (Math.min(last(), Math.max(0, frame)) + 0.5) / rate_hz;
  };
  const follow = () => {
    place.max = last();
    place.value = shown();
    place.setAttribute("aria-valuetext", `${film.currentTime.toFixed(2)} seconds`);
  };
  const toggle = () => (film.paused ? film.play().catch(() => {}) : film.pause());
  const named = (sign, name) => () => {
    play.textContent = sign;
    play.setAttribute("aria-label", name);
  };

  film.controls = false;
  film.addEventListener("play", named("❙❙", "Pause"));
  film.addEventListener("pause", named("▶", "Play"));
  film.addEventListener("click", toggle);
  for (const change of ["loadedmetadata", "durationchange", "timeupdate", "seeked"]) film.addEventListener(change, follow);
  play.addEventListener("click", toggle);
  back.addEventListener("click", () => show(shown() - 1));
  on.addEventListener("click", () => show(shown() + 1));
  place.addEventListener("input", () => show(Number(place.value)));
  speed.addEventListener("change", () => (film.playbackRate = Number(speed.value)));
  follow();
  film.after(bar);
}
