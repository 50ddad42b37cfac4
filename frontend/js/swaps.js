// What every swap owes: the line on top, one announcement, words when the server cannot be reached.
import { toast } from "./messages.js";

const line = document.querySelector(".loading");
const live = document.getElementById("live");
let running = 0;

function count(by) {
  running = Math.max(0, running + by);
  line?.classList.toggle("on", running > 0);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  count(1);
  event.detail.target?.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  count(-1);
  event.detail.target?.removeAttribute("aria-busy");
});
document.addEventListener("htmx:afterSettle", (event) => {
  const said = event.target.querySelector?.("[data-announce]") ?? event.target.closest?.("[data-announce]");
  if (live && said) live.textContent = said.dataset.announce;
});
document.addEventListener("htmx:sendError", () => toast(document.body.dataset.offline));
document.addEventListener("htmx:responseError", (event) => {
  const wait = Number(event.detail.xhr.getResponseHeader("Retry-After"));
  if (event.detail.xhr.status === 401) { location.reload(); return; }
  toast(event.detail.xhr.status === 429 && wait ? document.body.dataset.busy.replace("{}", wait) : document.body.dataset.failed);
});
addEventListener("offline", () => toast(document.body.dataset.offline));
