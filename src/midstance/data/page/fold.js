/** Parts that open: from the table of contents, from the address, on a desk, and on paper. */
export function foldParts() {
  const parts = [...document.querySelectorAll("details.part")];
  const desk = window.matchMedia("(min-width: 62rem)");

  /** On a desk there is room for the film and what to do about it. */
  const unfold = () => {
    if (desk.matches) for (const part of parts.slice(0, 3)) part.open = true;
  };
  unfold();
  desk.addEventListener("change", unfold);

  /** Open everything that a place on this page lies in. */
  const open = (place) => {
    for (let box = place?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  };
  for (const link of document.querySelectorAll(".contents a"))
    link.addEventListener("click", () => open(document.getElementById(link.hash.slice(1))));
  if (location.hash) open(document.getElementById(location.hash.slice(1)));

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const box of opened) box.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const box of opened) box.open = false;
  });
}
