// The first page, and those of the next film: choose, film or drop clips; each is looked at, uploaded and leads to its progress.
import { follow } from "/static/live.js";
import { look, show } from "/static/hints.js";
import { Refused, Upload } from "/static/upload.js";

const list = document.getElementById("uploads");
const drop = document.getElementById("drop");
const inputs = [...document.querySelectorAll("#choose input[type=file]")];
const form = document.getElementById("choose");
const most = 1e9 * Number(form.dataset.most);
const best = JSON.parse(form.dataset.best);

const make = (tag, words = "", settings = {}) => Object.assign(document.createElement(tag), { textContent: words }, settings);

const size = (bytes) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`);

/** Keep what was seen of a film for the page of its job, as long as this tab is open. */
const keep = (job, film) => {
  try {
    sessionStorage.setItem(`film ${job}`, JSON.stringify({ film, best, outline: form.dataset.outline }));
  } catch {} // no room, or not allowed: the hints stay on this page only
};

/** Send one file; the row says how far it is. Returns the job, or nothing. */
const send = async (file) => {
  const row = make("li");
  const [name, bar, state] = [make("strong", file.name), make("progress", "", { max: 1, value: 0 }), make("small")];
  const stop = make("button", "Stop", { type: "button", className: "quiet" });
  bar.setAttribute("aria-label", `Upload of ${file.name}`);
  row.append(name, bar, state, stop);
  list.append(row);
  const again = document.getElementById("again")?.checked ? "yes" : "";
  const about = { athlete: document.getElementById("athlete")?.value ?? "", again, ...JSON.parse(form.dataset.about ?? "{}") };
  const found = look(file).catch(() => null);
  found.then((film) => bar.isConnected && row.append(show(film, best, form.dataset.outline)));
  const upload = new Upload(file, {
    about,
    onProgress: (done, total) => {
      bar.value = done / total;
      state.textContent = `${size(done)} of ${size(total)}`;
    },
    onWait: (seconds) => (state.textContent = `The connection broke off. It goes on in ${seconds} s.`),
  });
  stop.addEventListener("click", () => upload.stop());
  try {
    if (file.size > most) throw new Refused(`${file.name} has ${size(file.size)}, and ${size(most)} is the most. Cut it shorter.`);
    const job = await upload.send();
    bar.value = 1;
    state.textContent = "Here. ";
    stop.remove();
    keep(job, await found);
    state.append(make("a", "See how far it is", { href: `/jobs/${job}` }));
    follow(job, (now) => {
      if (now.state === "done") state.replaceChildren(make("a", "Look at it", { href: now.address }));
      else if (now.state === "failed") state.textContent = now.says;
      else if (now.state === "running") state.firstChild.textContent = `${now.stage_says}. `;
    });
    return job;
  } catch (fault) {
    bar.remove();
    stop.remove();
    state.textContent = fault instanceof Refused ? fault.message : "Stopped.";
    state.className = "says";
    return "";
  }
};

const sendAll = async (files) => {
  const jobs = [];
  for (const file of files) jobs.push(await send(file));
  if (files.length === 1 && jobs[0]) location.assign(`/jobs/${jobs[0]}`);
};

for (const input of inputs)
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    sendAll(files);
  });

for (const kind of ["dragenter", "dragover"])
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
for (const kind of ["dragleave", "drop"]) document.addEventListener(kind, () => drop.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  sendAll([...event.dataTransfer.files]);
});
