// Two loops side by side. Every loop has the same number of frames a stride and starts at a landing, so that two of them
// at one time show one phase of the stride: the left one leads, the right one follows.
"use strict";
{
  const data = JSON.parse(document.getElementById("changes").textContent);
  const stage = document.getElementById("pair");
  const films = [...stage.querySelectorAll("video")];
  const choices = [...stage.querySelectorAll("select")];
  const [play, back, on, place, speed, over, changed] = ["play", "back", "on", "place", "speed", "over", "changed"].map(
    (id) => document.getElementById(id)
  );
  const step_s = 1 / data.rate_hz;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const opened = new Map(); // number of a take: address of its loop
  let frame = 0;
  let playing = false;

  const address = (number) => {
    if (!opened.has(number)) {
      const stored = document.getElementById(`loop-${number}`);
      const bytes = stored && Uint8Array.from(atob(stored.textContent.trim()), (c) => c.charCodeAt(0));
      opened.set(number, bytes ? URL.createObjectURL(new Blob([bytes], { type: "video/mp4" })) : data.films[number]);
    }
    return opened.get(number);
  };

  /** Frames that both loops have. */
  const length = () => Math.round(Math.min(...films.map((film) => film.duration || 1)) * data.rate_hz);

  const show = (wanted) => {
    frame = (wanted + length()) % length();
    for (const film of films) film.currentTime = (frame + 0.5) * step_s;
    place.max = length() - 1;
    place.value = frame;
    document.documentElement.dataset.frame = frame;
  };

  const run = (yes) => {
    playing = yes;
    for (const film of films) yes ? film.play().catch(() => {}) : film.pause();
    play.textContent = yes ? "❚❚" : "▶";
    play.setAttribute("aria-label", yes ? "Pause" : "Play");
    if (yes) requestAnimationFrame(follow);
    else show(frame);
  };

  const follow = () => {
    if (!playing) return;
    const [left, right] = films;
    const shown = Math.floor(left.currentTime * data.rate_hz);
    if (left.ended || right.ended || shown >= length()) {
      show(0);
      for (const film of films) film.play().catch(() => {});
    } else {
      frame = shown;
      place.value = frame;
      if (Math.abs(right.currentTime - left.currentTime) > 0.6 * step_s) right.currentTime = left.currentTime;
    }
    requestAnimationFrame(follow);
  };

  /** The chosen takes: the earlier one stands left; what changed from it to the later one is said below. */
  const choose = () => {
    const order = data.numbers.indexOf(+choices[0].value) - data.numbers.indexOf(+choices[1].value);
    if (order > 0) [choices[0].value, choices[1].value] = [choices[1].value, choices[0].value];
    const numbers = choices.map((choice) => +choice.value);
    const was = playing;
    run(false);
    Promise.all(
      films.map((film, i) => {
        film.src = address(numbers[i]);
        return new Promise((ready) => film.addEventListener("loadeddata", ready, { once: true }));
      })
    ).then(() => {
      show(0);
      if (was) run(true);
    });
    const says = data.says[numbers.join("-")] || [];
    changed.replaceChildren(
      ...says.map((line) => Object.assign(document.createElement("p"), { textContent: line }))
    );
  };

  const toggle = () => run(!playing);
  const step = (by) => {
    run(false);
    show(frame + by);
  };

  for (const film of films) film.addEventListener("click", toggle);
  for (const choice of choices) choice.addEventListener("change", choose);
  play.addEventListener("click", toggle);
  back.addEventListener("click", () => step(-1));
  on.addEventListener("click", () => step(1));
  place.addEventListener("input", () => {
    const wanted = +place.value;
    run(false);
    show(wanted);
  });
  speed.addEventListener("change", () => films.forEach((film) => (film.playbackRate = +speed.value)));
  over.addEventListener("click", () => over.setAttribute("aria-pressed", stage.classList.toggle("over")));
  for (const button of document.querySelectorAll("[data-beside]"))
    button.addEventListener("click", () => {
      [choices[0].value, choices[1].value] = button.dataset.beside.split("-");
      choose();
      stage.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "center" });
    });
  document.addEventListener("keydown", (key) => {
    if (key.ctrlKey || key.metaKey || key.altKey || key.target.closest("select, input")) return;
    const acts = { ArrowLeft: () => step(-1), ArrowRight: () => step(1) };
    if (key.key === " " && !key.target.closest("button")) acts[" "] = toggle;
    if (!acts[key.key]) return;
    key.preventDefault();
    acts[key.key]();
  });

  choose();
}
