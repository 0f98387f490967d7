/** The cursor in the curves over the run follows the film, and a click in a curve leads it. */
export function timedCurves(player) {
  const curves = [...document.querySelectorAll("svg[data-timed]")];

  player.onShow((_, seconds) => {
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
  });

  for (const curve of curves) {
    const seek = (at) => {
      const { x0, x1, left, right } = curve.dataset;
      const x = ((at.clientX - curve.getBoundingClientRect().left) / curve.clientWidth) * curve.viewBox.baseVal.width;
      player.pause();
      player.showClipFrame(player.frameAt(+x0 + ((x - left) / (right - left)) * (x1 - x0)));
    };
    curve.addEventListener("click", seek);
    curve.addEventListener("pointermove", (at) => at.pointerType === "mouse" && at.buttons === 1 && seek(at));
  }
}
