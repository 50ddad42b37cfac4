// Keys: Ctrl+K palette, / filter, ? sheet, J K through a list, data-key="g i" anywhere, Ctrl+Enter for the primary act.
import { act, kept, typing } from "./act.js";
import { open } from "./dialogs.js";

let first = "";
let timer = 0;

const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const keyed = (combination) => [...document.querySelectorAll(`[data-key="${combination}"]`)].find(visible);

function move(step) {
  const rows = [...document.querySelectorAll("[data-rows] [data-row]")].filter(visible);
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement?.closest("[data-row]"));
  const row = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step))];
  row.querySelector("a, button")?.focus();
  return true;
}

function single(event) {
  if (event.key === "?") return open(document.getElementById("keys")), true;
  if (event.key === "/") {
    const field = document.querySelector("[data-filter]");
    field?.focus();
    field?.select();
    return Boolean(field);
  }
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
  const found = (first && keyed(`${first} ${key}`)) || keyed(key);
  first = first || found ? "" : key;
  clearTimeout(timer);
  timer = setTimeout(() => { first = ""; }, 900);
  found?.click();
  return Boolean(found);
}

document.addEventListener("keydown", (event) => {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return open(document.getElementById("palette"));
  }
  const named = command && { Enter: "[data-primary]", s: "[data-save]" }[event.key];
  if (named) {
    const scope = document.querySelector("dialog:modal") ?? document;
    const button = scope.querySelector(named);
    if (button) { event.preventDefault(); button.click(); }
    return;
  }
  if (command || event.altKey || typing(event) || document.querySelector("dialog:modal")) return;
  if (event.target.closest?.("[popover]") || kept.get("keys") === "off") return;
  if (event.key.length === 1 && single(event)) event.preventDefault();
});

act("keys", (element) => kept.set("keys", element.checked ? "on" : "off"));
const choice = document.querySelector('[data-do="keys"]');
if (choice) choice.checked = kept.get("keys") !== "off";
