// What the browser itself knows of a chosen film, in plain sentences. Nothing waits for it, and it refuses nothing.
const LONGEST_MS = 4000;
const FIRST_S = 1; // of the film, in which its frames are counted
const STRIDE_S = 0.7; // at 170 steps a minute
const NEARLY = 0.9; // 59.94 frames a second are 60

const make = (tag, words = "", settings = {}) => Object.assign(document.createElement(tag), { textContent: words }, settings);
const heard = (target, event) => new Promise((ready) => target.addEventListener(event, () => ready(true), { once: true }));
const after = (ms) => new Promise((ready) => setTimeout(() => ready(false), ms));

/** Count the frames a second in the first second, half as fast as it plays; null where the browser does not show them. */
const rateOf = (video) =>
  new Promise((ready) => {
    if (!video.requestVideoFrameCallback) return ready(null);
    const gaps = [];
    let before = null;
    const end = () => {
      clearTimeout(timer);
      video.pause();
      gaps.sort((a, b) => a - b);
      ready(gaps.length < 6 ? null : 1 / gaps[Math.floor(gaps.length / 4)]); // frames that were dropped make gaps longer
    };
    const timer = setTimeout(end, 2500 * FIRST_S);
    const each = (_now, frame) => {
      if (before !== null && frame.mediaTime > before) gaps.push(frame.mediaTime - before);
      before = frame.mediaTime;
      if (before >= FIRST_S) end();
      else video.requestVideoFrameCallback(each);
    };
    video.requestVideoFrameCallback(each);
    video.addEventListener("ended", end, { once: true });
    video.playbackRate = 0.5;
    video.play().catch(end);
  });

/** Return a small picture from the middle of the film; empty where there is none. */
const stillOf = async (video) => {
  video.currentTime = Number.isFinite(video.duration) ? video.duration / 2 : 0;
  if (!(await Promise.race([heard(video, "seeked"), after(5000)]))) return "";
  const canvas = make("canvas", "", { width: 240, height: Math.round((240 * video.videoHeight) / video.videoWidth) });
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.7);
};

/**
 * Return what the browser finds in a film: width, height, seconds, rate and a still; null if it cannot play it, undefined
 * if it was too busy to find out.
 */
export const look = async (file) => {
  const video = make("video", "", { muted: true, playsInline: true, preload: "auto", src: URL.createObjectURL(file) });
  try {
    const ready = heard(video, "loadeddata");
    const broken = heard(video, "error").then(() => null);
    const found = await Promise.race([ready, broken, after(LONGEST_MS)]);
    if (found === false) return undefined;
    if (found === null || !video.videoWidth) return null;
    const seconds = Number.isFinite(video.duration) ? video.duration : null;
    const rate = await rateOf(video);
    return { width: video.videoWidth, height: video.videoHeight, seconds, rate, still: await stillOf(video) };
  } finally {
    URL.revokeObjectURL(video.src);
    video.removeAttribute("src");
  }
};

/** Return what a film is, in one line. */
export const facts = ({ width, height, seconds, rate }) =>
  [
    `${width} x ${height}`,
    height > width ? "upright" : "sideways",
    seconds === null ? "" : `${seconds.toFixed(1)} s`,
    rate === null ? "" : `about ${Math.round(rate)} frames a second`,
  ]
    .filter(Boolean)
    .join(", ");

/** Return what could be better about a film, a sentence each. `best`: rate, strides, minutes that are taken. */
export const hints = (film, best) => {
  if (film === undefined) return [];
  if (film === null) return ["This browser can’t play the film, so nothing is said of it here. It is read all the same."];
  const { width, height, seconds, rate } = film;
  const strides = Math.floor((seconds ?? 0) / STRIDE_S);
  const says = [];
  if (height > width) says.push("It stands upright: right for a treadmill. For a pass, turn the phone sideways.");
  if (seconds > 60 * best.minutes) says.push(`It lasts ${Math.round(seconds / 60)} minutes; ${best.minutes} are the most. Cut out the part where you run.`);
  else if (seconds !== null && strides < best.strides) says.push(`That is room for about ${strides} strides. ${best.strides} say more: film longer, or several passes.`);
  if (rate === null) says.push(`I can’t see here how many frames a second it has. Set your camera to ${best.rate} or more.`);
  else if (rate < NEARLY * best.rate) {
    says.push(`About ${Math.round(rate)} frames a second blur the landing. Set the camera to ${best.rate} or more.`);
    says.push("Does it play slower than life? Say so while it is analysed: the times follow.");
  }
  return says;
};

/** Put the still, the line and the sentences into a page; `outline` is the address of the silhouette. */
export const show = (film, best, outline) => {
  const box = make("div", "", { className: "hints" });
  if (film?.still) {
    const picture = make("div", "", { className: "outlined" });
    picture.append(make("img", "", { src: film.still, alt: "A moment in the middle of the film" }), make("img", "", { src: outline, alt: "", className: "outline" }));
    box.append(picture);
  }
  const words = make("div");
  if (film) words.append(make("small", facts(film)));
  if (film?.still) words.append(make("p", "From the side, whole body, about as large as the outline?"));
  const list = make("ul");
  list.append(...hints(film, best).map((says) => make("li", says)));
  if (list.children.length) words.append(list);
  box.append(words);
  return box;
};
