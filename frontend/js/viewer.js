// Pages of a document: zoom by buttons and + −, kept for the next document; says which page is in view.
import { act, kept, typing } from "./act.js";

const STEPS = [50, 75, 100, 125, 150, 200];
const START = 100;
const viewer = () => document.querySelector("[data-viewer]");
const level = () => { const found = Number(kept.get("zoom")); return STEPS.includes(found) ? found : START; };

function show() {
  const holder = viewer();
  if (!holder) return;
  const now = level();
  holder.dataset.zoom = now;
  const said = document.querySelector("[data-zoom-said]");
  if (said) said.textContent = `${now}%`;
  // A page that is shown larger is fetched once more, sharper.
  for (const picture of holder.querySelectorAll("img[data-sharp]")) {
    if (now > 100 && picture.src !== picture.dataset.sharp) picture.src = picture.dataset.sharp;
  }
  for (const button of document.querySelectorAll("[data-zoom-by]")) {
    const at = STEPS.indexOf(now) + Number(button.dataset.zoomBy);
    button.disabled = at < 0 || at >= STEPS.length;
  }
}

function zoom(by) {
  const at = STEPS.indexOf(level()) + by;
  if (at < 0 || at >= STEPS.length) return;
  kept.set("zoom", String(STEPS[at]));
  show();
}

act("zoom", (element) => zoom(Number(element.dataset.zoomBy)));

document.addEventListener("keydown", (event) => {
  if (!viewer() || typing(event) || event.ctrlKey || event.metaKey || event.altKey || kept.get("keys") === "off") return;
  if (event.key === "+" || event.key === "-") { event.preventDefault(); zoom(event.key === "+" ? 1 : -1); }
});

function count() {
  const said = document.querySelector("[data-page-said]");
  const holder = viewer();
  if (!said || !holder) return;
  const middle = holder.getBoundingClientRect().top + holder.clientHeight / 2;
  const pages = [...holder.querySelectorAll("[data-page]")];
  const seen = pages.filter((page) => page.getBoundingClientRect().top <= middle).length;
  said.textContent = said.dataset.pageSaid.replace("{n}", Math.max(1, seen)).replace("{m}", said.dataset.of);
}

document.addEventListener("scroll", (event) => { if (event.target === viewer()) count(); }, true);
document.addEventListener("htmx:afterSettle", show);

// The link for the client is asked for when it is wanted, then copied.
act("paylink", async (element, event) => {
  event.preventDefault();
  const form = element.closest("form");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
  if (!answer.ok) { form.submit(); return; }
  const { url } = await answer.json();
  await navigator.clipboard.writeText(url);
  form.closest("[popover]")?.hidePopover?.();
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: form.dataset.done } }));
});

show();
