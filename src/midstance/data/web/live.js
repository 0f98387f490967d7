/** Call back with the state of a job whenever it changes, until it has ended. */
export const follow = (uid, onNews) => {
  const source = new EventSource(`/jobs/${uid}/events`);
  source.addEventListener("message", (event) => {
    const job = JSON.parse(event.data);
    if (["done", "failed", "cancelled", "gone"].includes(job.state)) source.close();
    onNews(job);
  });
  return source;
};
