/** The legs of a typical runner over the film, at the same moment of the stride. */
export function typicalLegs(player) {
  const button = document.getElementById("typical");
  if (!button) return;
  const hint = document.getElementById("typical-hint");
  const drawn = document.getElementById("typical-drawn");
  const rows = player.map.typical; // near leg, far leg: for each row the x and y of hip, knee, ankle, heel and toe
  let row = 0;

  const isOn = () => button.getAttribute("aria-pressed") === "true";
  const leg = (places, kind) => {
    const at = (point) => `${places[2 * point]} ${places[2 * point + 1]}`;
    const path = `M${[0, 1, 2, 3, 4, 2].map(at).join("L")}`;
    return `<path class="edge" d="${path}"/><path class="${kind}" d="${path}"/>`;
  };
  const draw = () => {
    const [near, far] = rows;
    const there = isOn() && near[row];
    drawn.innerHTML = there ? leg(far[row], "beside far-leg") + leg(near[row], "beside") : "";
  };
  player.onShow((frame) => {
    row = frame - player.map.first;
    draw();
  });
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(!isOn()));
    hint.hidden = !isOn();
    draw();
  });
}
