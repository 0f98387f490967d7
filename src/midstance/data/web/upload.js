// Upload a file in pieces by tus 1.0: one that breaks off goes on where it was, also after the page was closed.
const VERSION = "1.0.0";
const PIECE = 8 * 1024 * 1024;
const WAITS_S = [1, 2, 4, 8, 15, 30];
const ANSWER_MS = 60_000;
const STALLED_MS = 60_000; // no byte moved: the connection is dead, whatever it says

const in64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const wait = (seconds) =>
  new Promise((ready) => {
    const timer = setTimeout(ready, 1000 * seconds);
    window.addEventListener("online", () => (clearTimeout(timer), ready()), { once: true });
  });

/** An answer that ends an upload: what the server says about it. */
export class Refused extends Error {}

export class Upload {
  constructor(file, { kind = "film", about = {}, onProgress = () => {}, onWait = () => {} } = {}) {
    Object.assign(this, { file, kind, about, onProgress, onWait, address: "", offset: 0, stopped: false });
    this.memory = `upload ${kind} ${file.name} ${file.size} ${file.lastModified} ${Object.values(about).join(" ")}`;
  }

  /** Send everything; return the uid of the job that takes it in. Throws Refused. */
  async send() {
    this.address = localStorage.getItem(this.memory) ?? "";
    for (let failures = 0; ; ) {
      try {
        let job = this.address ? await this.#ask() : await this.#announce();
        while (!job) {
          const before = this.offset;
          job = await this.#piece();
          if (this.offset > before) failures = 0;
        }
        localStorage.removeItem(this.memory);
        return job;
      } catch (fault) {
        if (fault instanceof Refused || this.stopped) {
          localStorage.removeItem(this.memory);
          throw fault;
        }
        const seconds = WAITS_S[Math.min(failures++, WAITS_S.length - 1)];
        this.onWait(seconds);
        await wait(seconds);
      }
    }
  }

  async stop() {
    this.stopped = true;
    this.request?.abort();
    localStorage.removeItem(this.memory);
    if (this.address) await fetch(this.address, { method: "DELETE", headers: { "Tus-Resumable": VERSION }, signal: AbortSignal.timeout(ANSWER_MS) });
  }

  async #announce() {
    const said = { filename: this.file.name, kind: this.kind, ...this.about };
    const metadata = Object.entries(said).filter(([, value]) => value);
    const answer = await fetch("/uploads", {
      method: "POST",
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: {
        "Tus-Resumable": VERSION,
        "Upload-Length": String(this.file.size),
        "Upload-Metadata": metadata.map(([name, value]) => `${name} ${in64(value)}`).join(","),
      },
    });
    if (!answer.ok) throw await this.#refusal(answer.status, await answer.text());
    this.address = answer.headers.get("Location");
    this.offset = 0;
    localStorage.setItem(this.memory, this.address);
    return "";
  }

  /** Ask where the upload stands; one that expired is announced anew. */
  async #ask() {
    const answer = await fetch(this.address, { method: "HEAD", headers: { "Tus-Resumable": VERSION }, signal: AbortSignal.timeout(ANSWER_MS) });
    if (answer.status === 404) {
      this.address = "";
      return this.#announce();
    }
    if (!answer.ok) throw await this.#refusal(answer.status, "");
    this.offset = Number(answer.headers.get("Upload-Offset"));
    this.onProgress(this.offset, this.file.size);
    return answer.headers.get("Midstance-Job") ?? "";
  }

  #piece() {
    return new Promise((ready, failed) => {
      const request = (this.request = new XMLHttpRequest());
      const start = this.offset;
      request.open("PATCH", this.address);
      request.setRequestHeader("Tus-Resumable", VERSION);
      request.setRequestHeader("Upload-Offset", String(start));
      request.setRequestHeader("Content-Type", "application/offset+octet-stream");
      let stalled = 0;
      const moves = () => {
        clearTimeout(stalled);
        stalled = setTimeout(() => request.abort(), STALLED_MS);
      };
      moves();
      request.upload.addEventListener("progress", (sent) => (moves(), this.onProgress(start + sent.loaded, this.file.size)));
      request.addEventListener("loadend", () => clearTimeout(stalled));
      request.addEventListener("load", async () => {
        if (request.status === 409) return failed(new Error("elsewhere"));
        if (request.status >= 300) return failed(await this.#refusal(request.status, request.responseText));
        this.offset = Number(request.getResponseHeader("Upload-Offset"));
        ready(request.getResponseHeader("Midstance-Job") ?? "");
      });
      for (const broken of ["error", "abort", "timeout"]) request.addEventListener(broken, () => failed(new Error(broken)));
      request.send(this.file.slice(start, start + PIECE));
    });
  }

  async #refusal(status, text) {
    const final = status >= 400 && status < 500 && ![408, 409, 423, 429].includes(status);
    if (status === 507) return new Refused(text.trim());
    return final ? new Refused(text.trim() || "The server does not take this film.") : new Error(String(status));
  }
}
