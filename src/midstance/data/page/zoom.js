/**
 * Enlarge the film: two fingers, Ctrl and the wheel, or + and - on the keyboard; one finger or Shift and the arrows move
 * what is enlarged.
 *
 * @param onTap called with the place of a tap, in shares of the whole picture
 */
export function filmZoom(onTap) {
  const screen = document.querySelector(".screen");
  const zoomed = document.querySelector(".zoomed");
  const fit = document.getElementById("fit");
  const fingers = new Map(); // pointer: where it is, pixels of the screen
  let view = { scale: 1, x: 0, y: 0 };
  let moved = false;

  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
  const box = () => screen.getBoundingClientRect();
  const look = (scale, x, y) => {
    const { width, height } = box();
    scale = clamp(scale, 1, 8);
    view = { scale, x: clamp(x, width * (1 - scale), 0), y: clamp(y, height * (1 - scale), 0) };
    zoomed.style.transform = scale === 1 ? "" : `translate(${view.x}px, ${view.y}px) scale(${scale})`;
    screen.style.touchAction = scale === 1 ? "pan-y" : "none";
    fit.hidden = scale === 1;
  };
  /** Enlarge about a point of the screen, which stays where it is. */
  const zoom = (times, about) => {
    const scale = clamp(view.scale * times, 1, 8);
    const kept = scale / view.scale;
    look(scale, about.x - (about.x - view.x) * kept, about.y - (about.y - view.y) * kept);
  };
  const at = (event) => ({ x: event.clientX - box().left, y: event.clientY - box().top });
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
      const [here, there] = [middle(now, other), middle(before, other)];
      zoom(apart(now, other) / (apart(before, other) || 1), here);
      look(view.scale, view.x + here.x - there.x, view.y + here.y - there.y);
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
    if (!tapped) return;
    const { width, height } = box();
    const [x, y] = [at(event).x - view.x, at(event).y - view.y];
    onTap({ x: x / view.scale / width, y: y / view.scale / height });
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

  const centre = () => ({ x: box().width / 2, y: box().height / 2 });
  const pan = (x, y) => look(view.scale, view.x + x * box().width, view.y + y * box().height);
  const keys = {
    "+": () => zoom(1.4, centre()),
    "=": () => zoom(1.4, centre()),
    "-": () => zoom(1 / 1.4, centre()),
    0: () => look(1, 0, 0),
  };
  const pans = { ArrowLeft: [0.15, 0], ArrowRight: [-0.15, 0], ArrowUp: [0, 0.15], ArrowDown: [0, -0.15] };
  screen.addEventListener("keydown", (key) => {
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    if (key.shiftKey && key.key in pans) pan(...pans[key.key]);
    else if (key.key in keys) keys[key.key]();
    else return;
    key.preventDefault();
  });
  fit.addEventListener("click", () => look(1, 0, 0));
  window.addEventListener("resize", () => look(view.scale, view.x, view.y));
}
