// One file input whose file is uploaded as soon as it is chosen, and leads to what came of it.
import { follow } from "/static/live.js";
import { Refused, Upload } from "/static/upload.js";

for (const [id, kind] of [["archive", "archive"], ["picture", "photo"]]) {
  const input = document.getElementById(id);
  if (!input) continue;
  const list = document.getElementById("uploads");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    const row = document.createElement("li");
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    bar.setAttribute("aria-label", `Upload of ${file.name}`);
    const state = document.createElement("small");
    row.append(Object.assign(document.createElement("strong"), { textContent: file.name }), bar, state);
    list.replaceChildren(row);
    input.value = "";
    try {
      const upload = new Upload(file, { kind, about: { called: document.getElementById("called")?.value ?? "" }, onProgress: (done, total) => (bar.value = done / total) });
      const job = await upload.send();
      bar.removeAttribute("value");
      follow(job, (now) => {
        state.textContent = now.state === "failed" ? now.says : now.stage_says;
        state.classList.toggle("says", now.state === "failed");
        if (now.state === "done") location.assign(now.address);
        if (now.state === "failed") bar.remove();
      });
    } catch (fault) {
      bar.remove();
      state.textContent = fault instanceof Refused ? fault.message : "Stopped.";
      state.className = "says";
    }
  });
}
