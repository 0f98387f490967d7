// Ask the server, and follow its work; a wait that could last for ever has an end.
const LONGEST_MS = 120_000;
const SILENT_MS = 45_000; // the server says something every 15 s
const AGAIN_MS = 3000;
const ENDED = ["done", "failed", "cancelled", "gone"];

/** Fetch; where no answer comes, one that says so in a sentence. */
export const ask = async (address, settings = {}) => {
  try {
    return await fetch(address, { signal: AbortSignal.timeout(LONGEST_MS), ...settings });
  } catch {
    return new Response("midstance does not answer. Try again in a moment.", { status: 503 });
  }
};

/** Call back with the state of a job whenever it changes, until it has ended; a connection that breaks off is made again. */
export const follow = (uid, onNews) => {
  let timer = 0;
  const open = () => {
    const source = new EventSource(`/jobs/${uid}/events`);
    const again = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(() => (source.close(), look()), ms);
    };
    const look = async () => {
      const answer = await ask(`/jobs/${uid}/state`);
      if (answer.status === 404) onNews({ state: "gone" });
      else if (answer.status === 401) location.reload(); // to the door
      else if (answer.ok) open();
      else again(AGAIN_MS);
    };
    again(SILENT_MS);
    source.addEventListener("still", () => again(SILENT_MS));
    source.addEventListener("message", (event) => {
      const job = JSON.parse(event.data);
      if (ENDED.includes(job.state)) {
        clearTimeout(timer);
        source.close();
      } else again(SILENT_MS);
      onNews(job);
    });
    source.addEventListener("error", () => source.readyState === EventSource.CLOSED && again(AGAIN_MS)); // else it tries by itself
  };
  open();
};

/** Wait until a job has ended; return its last state. */
export const ended = (uid) => new Promise((done) => follow(uid, (job) => ENDED.includes(job.state) && done(job)));
