// What needs no film: parts that open, pictures that grow, and the table of measures that is searched.
"use strict";
{
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

  const large = document.getElementById("large");
  for (const button of document.querySelectorAll(".enlarge"))
    button.addEventListener("click", () => {
      const [shown, small] = [large.querySelector("img"), button.querySelector("img")];
      shown.src = small.src;
      shown.alt = button.getAttribute("aria-label");
      large.showModal();
    });
  large.addEventListener("click", () => large.close());

  const groups = [...document.querySelectorAll("details.sort")];
  const sieve = document.getElementById("sieve");
  const units = document.getElementById("units");
  sieve.closest(".sieve").hidden = false;
  sieve.addEventListener("input", () => {
    const words = sieve.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const group of groups) {
      let left = 0;
      for (const row of group.querySelectorAll("tbody tr")) {
        const fits = words.every((word) => row.firstElementChild.textContent.toLowerCase().includes(word));
        row.hidden = !fits;
        left += fits;
      }
      group.hidden = left === 0;
      if (words.length) group.open = true;
    }
  });

  const OTHER = { m: [3.28084, " ft"], cm: [0.393701, " in"], "m/s": [2.236936, " mph"] };
  /** A number with as many digits as its error supports, as the table has it. */
  const rounded = (value, error) => {
    const first = Math.floor(Math.log10(error));
    return value.toFixed(Math.max(0, -first + (error / 10 ** first < 2 ? 1 : 0)));
  };
  const values = [...document.querySelectorAll(".value")].filter((each) => each.dataset.unit in OTHER);
  for (const each of values) each.dataset.metric = each.textContent;
  units.addEventListener("change", () => {
    for (const each of values) {
      const [times, name] = OTHER[each.dataset.unit];
      const [value, error] = [each.dataset.value * times, each.dataset.error * times];
      const there = error > 0 ? `${rounded(value, error)} ± ${rounded(error, error)}${name}` : `${value.toPrecision(3)}${name}`;
      each.textContent = units.value === "metric" ? each.dataset.metric : there;
    }
  });
}
