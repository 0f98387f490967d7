// Live progress of one job: server-sent events, which the browser opens again by itself after a tunnel.
import { show } from "/static/hints.js";
import { follow } from "/static/live.js";

const box = document.getElementById("job");
const [headline, bar, count] = ["headline", "progress", "count"].map((id) => document.getElementById(id));
const steps = [...document.querySelectorAll("[data-stage]")];

const seen = JSON.parse(sessionStorage.getItem(`film ${box.dataset.uid}`) ?? "null");
if (seen) document.getElementById("hints").append(show(seen.film, seen.best, seen.outline));

if (bar)
  follow(box.dataset.uid, (job) => {
    if (job.take && !box.dataset.take && job.state === "running") return location.reload(); // now more can be asked
    if (job.state === "done") location.replace(job.address);
    else if (job.state === "failed" || job.state === "cancelled" || job.state === "gone") location.reload();
    else {
      if (headline.textContent !== job.stage_says) headline.textContent = job.stage_says;
      const counted = job.total > 0;
      if (counted) bar.value = (100 * job.done) / job.total;
      else bar.removeAttribute("value");
      const unit = job.stage === "fetching" ? "MB" : "frames";
      const [done, total] = unit === "MB" ? [job.done, job.total].map((n) => (n / 1e6).toFixed(1)) : [job.done, job.total];
      count.textContent = counted ? `${done} of ${total} ${unit}` : "\u00a0";
      const at = steps.findIndex((step) => step.dataset.stage === job.stage);
      steps.forEach((step, i) => {
        step.toggleAttribute("data-done", at > i);
        if (i === at) step.setAttribute("aria-current", "step");
        else step.removeAttribute("aria-current");
      });
    }
  });
