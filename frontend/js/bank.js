// Bank matching by keys: the line that has focus is the one at hand; Enter matches it, Shift+Enter all exact ones.
import htmx from "htmx.org/dist/htmx.esm.js";
import { typing } from "./act.js";

const desk = () => document.querySelector("[data-bank]");
const lineOf = (element) => element?.closest?.("[data-bank] [data-row]");
let timer = 0;

/** Make a line the one at hand: marked in the list, told in full at the side. */
function choose(row) {
  if (!row || row.getAttribute("aria-current") === "true") return;
  for (const one of desk().querySelectorAll("[data-row][aria-current]")) one.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  clearTimeout(timer);
  timer = setTimeout(() => {
    const link = row.querySelector("[data-bank-line]");
    if (link && row.isConnected) htmx.ajax("GET", link.getAttribute("href"), { target: "#bank-panel", swap: "morph" }).catch(() => null);
  }, 90);
}

document.addEventListener("focusin", (event) => choose(lineOf(event.target)));

// After a match the next line is at hand: the list was drawn anew, focus goes to its first unexplained line.
function follow() {
  const current = desk()?.querySelector('[data-row][aria-current="true"] [data-bank-line]');
  const free = !document.activeElement || document.activeElement === document.body || document.activeElement.closest("[data-bank], #content");
  if (current && free && !document.querySelector("dialog:modal")) current.focus({ preventScroll: false });
}
document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target?.id === "content") follow(); });
if (desk()) follow();

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !desk() || event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
  if (document.querySelector("dialog:modal, :popover-open")) return;
  if (event.shiftKey) {
    const all = desk().querySelector("[data-bank-all]");
    if (all) { event.preventDefault(); all.click(); }
    return;
  }
  const link = event.target.closest?.("[data-bank-line]");
  const row = lineOf(event.target) ?? (event.target === document.body ? desk().querySelector('[data-row][aria-current="true"]') : null);
  if (!row || (event.target !== document.body && !link)) return;
  const act = row.querySelector("[data-bank-match] button, .act > a.btn");
  if (act) { event.preventDefault(); act.click(); }
});
