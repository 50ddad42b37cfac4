// The bell opens the newest of the inbox in place; without script it is a link. Progress of a job is said at each quarter.
import htmx from "htmx.org/dist/htmx.esm.js";
import { act } from "./act.js";
import { announce } from "./swaps.js";

const menu = document.getElementById("notices");

async function fill() {
  const answer = await fetch(menu.dataset.fill, { headers: { "HX-Request": "true" } }).catch(() => null);
  const page = answer?.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const made = page?.getElementById("notices-body");
  if (!made) return false;
  document.getElementById("notices-body").replaceWith(made);
  htmx.process(made);
  return true;
}

act("notices", async (element, event) => {
  if (!menu?.showPopover || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (menu.matches(":popover-open")) { menu.hidePopover(); return; }
  if (await fill()) menu.showPopover(); else location.href = element.href;
});

const steps = new Map();
document.addEventListener("guilder:live", (event) => {
  const job = event.target.closest?.("[data-step]");
  if (!job) return;
  const before = steps.get(job.id);
  steps.set(job.id, job.dataset.step);
  if (before !== undefined && before !== job.dataset.step) announce(job.querySelector("progress")?.nextElementSibling?.textContent.trim() ?? "");
});
