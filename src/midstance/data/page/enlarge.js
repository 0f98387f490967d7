/** Pictures that grow when they are tapped. */
export function enlargePictures() {
  const large = document.getElementById("large");
  for (const button of document.querySelectorAll(".enlarge"))
    button.addEventListener("click", () => {
      const [shown, small] = [large.querySelector("img"), button.querySelector("img")];
      shown.src = small.src;
      shown.alt = button.getAttribute("aria-label");
      large.showModal();
    });
  large.addEventListener("click", () => large.close());
}
