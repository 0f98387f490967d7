/** The angle between three points of the paused film: tapped, or set with the arrow keys and Enter. */
export function angleTool(player) {
  const [button, hint, says, drawn] = ["angle", "angle-hint", "angle-says", "angle-drawn"].map((id) =>
    document.getElementById(id)
  );
  const screen = document.querySelector(".screen");
  const { width, height } = drawn.viewBox.baseVal;
  let points = [];
  let cross = null; // where the keyboard is, pixels of the film

  const isOn = () => button.getAttribute("aria-pressed") === "true";
  const degrees = ([a, joint, b]) => {
    const turn = Math.atan2(a.y - joint.y, a.x - joint.x) - Math.atan2(b.y - joint.y, b.x - joint.x);
    return Math.abs((((turn * 180) / Math.PI + 540) % 360) - 180).toFixed(0);
  };
  const draw = () => {
    const path = points.map((p, i) => `${i ? "L" : "M"}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join("");
    const dots = points.map((p) => `<circle cx="${p.x.toFixed(1)}" cy="${p.y.toFixed(1)}" r="8"/>`).join("");
    const lines = points.length ? `<path class="edge" d="${path}"/><path d="${path}"/>${dots}` : "";
    const sight = cross ? `M${cross.x - 22} ${cross.y}h44M${cross.x} ${cross.y - 22}v44` : "";
    const here = cross ? `<path class="edge" d="${sight}"/><path class="sight" d="${sight}"/>` : "";
    let number = "";
    says.textContent = "";
    if (points.length === 3) {
      number = `<text x="${(points[1].x + 16).toFixed(1)}" y="${(points[1].y - 16).toFixed(1)}">${degrees(points)}°</text>`;
      says.textContent = `${degrees(points)}°`;
    }
    drawn.innerHTML = lines + here + number;
  };
  const clear = () => {
    points = [];
    draw();
  };
  const mark = (point) => {
    player.pause();
    points = points.length === 3 ? [point] : [...points, point];
    draw();
  };
  const turn = (on) => {
    button.setAttribute("aria-pressed", String(on));
    screen.classList.toggle("measuring", on);
    hint.hidden = !on;
    cross = null;
    clear();
    if (!on) return;
    player.pause();
    screen.focus({ preventScroll: true });
  };

  button.addEventListener("click", () => turn(!isOn()));
  player.film.addEventListener("play", clear);
  screen.addEventListener("keydown", (key) => {
    if (!isOn() || key.shiftKey || key.ctrlKey || key.metaKey || key.altKey) return;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (key.key in moves) {
      const step = (key.repeat ? 0.02 : 0.01) * height;
      const from = cross ?? { x: width / 2, y: height / 2 };
      const [x, y] = moves[key.key];
      cross = {
        x: Math.min(width, Math.max(0, from.x + x * step)),
        y: Math.min(height, Math.max(0, from.y + y * step)),
      };
      draw();
    } else if (key.key === "Enter") mark({ ...(cross ?? { x: width / 2, y: height / 2 }) });
    else if (key.key === "Escape") {
      turn(false);
      button.focus();
    } else return;
    key.preventDefault();
  });

  return {
    isOn,
    /** Set a point, in shares of the picture. */
    mark: (share) => mark({ x: share.x * width, y: share.y * height }),
  };
}
