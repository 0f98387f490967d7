/** The table of measures: search it, and change its units. */
export function measureTable() {
  const groups = [...document.querySelectorAll("details.sort")];
  const sieve = document.getElementById("sieve");
  const units = document.getElementById("units");
  let before = null; // the groups that were open before the search
  sieve.closest(".sieve").hidden = false;
  sieve.addEventListener("input", () => {
    const words = sieve.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) before ??= groups.filter((group) => group.open);
    for (const group of groups) {
      let left = 0;
      for (const row of group.querySelectorAll("tbody tr")) {
        const fits = words.every((word) => row.firstElementChild.textContent.toLowerCase().includes(word));
        row.hidden = !fits;
        left += fits;
      }
      group.hidden = left === 0;
      if (words.length) group.open = true;
      else if (before) group.open = before.includes(group);
    }
    if (!words.length) before = null;
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
