/** The films of the run from other sides: a picture from one of them goes to its moment there. */
export function otherFilms() {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  for (const button of document.querySelectorAll(".look"))
    button.addEventListener("click", () => {
      const film = document.getElementById(`other-film-${button.dataset.film}`);
      film.closest("details").open = true;
      film.pause();
      film.currentTime = Number(button.dataset.seconds);
      film.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "center" });
    });
}
