// Theme, folded groups, copy, print, countdowns, and filters that send themselves.
import { act, kept } from "./act.js";
import { toast } from "./messages.js";
import { announce } from "./swaps.js";

const root = document.documentElement;

function press() {
  const chosen = kept.get("theme") ?? "";
  for (const button of document.querySelectorAll("[data-theme-choice]")) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
}

function paint(choice) {
  kept.set("theme", choice);
  root.dataset.theme = choice || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  press();
}

act("theme", (_element, event) => {
  event.preventDefault();
  paint(root.dataset.theme === "dark" ? "light" : "dark");
});
act("theme-choice", (element) => paint(element.dataset.themeChoice));

const folded = () => new Set((root.dataset.folded || "").split(" ").filter(Boolean));

function unfold() {
  for (const button of document.querySelectorAll('[data-do="fold"]')) button.setAttribute("aria-expanded", String(!folded().has(button.closest("[data-group]").dataset.group)));
}

act("fold", (element) => {
  const now = folded();
  const name = element.closest("[data-group]").dataset.group;
  if (!now.delete(name)) now.add(name);
  root.dataset.folded = [...now].join(" ");
  kept.set("folded", root.dataset.folded);
  unfold();
});

act("copy", async (element) => {
  await navigator.clipboard.writeText(element.dataset.copy ?? document.getElementById(element.dataset.from)?.textContent.trim() ?? "");
  const said = element.dataset.copied;
  if (!said) { toast(element.dataset.done ?? ""); return; }
  element.classList.add("copied");
  announce(said);
  setTimeout(() => element.classList.remove("copied"), 1600);
});

// What is left out until it is wanted is wanted on paper.
act("print", () => {
  const rest = document.querySelector("[data-rest]");
  if (!rest) { window.print(); return; }
  document.addEventListener("htmx:afterSettle", () => window.print(), { once: true });
  rest.click();
});
act("reload", (_element, event) => { event.preventDefault(); location.reload(); });

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-send]")) event.target.form?.requestSubmit();
});

// "Try again in 12 seconds" counts down, then tries by itself where nothing was being sent.
for (const element of document.querySelectorAll("[data-countdown]")) {
  const end = Date.now() + Number(element.dataset.countdown) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    element.textContent = left;
    if (left) setTimeout(tick, 1000 - ((Date.now() - end) % 1000 + 1000) % 1000 || 1000);
    else if (element.dataset.retry) location.reload();
  };
  tick();
}

press();
unfold();
