// Keys: Ctrl+K palette, single keys and sequences by data-key ("d", "g i", "c i"), J K X E in lists, Esc back.
// Single keys rest in fields, may each get another key or none, and can all be switched off.
import { act, kept, typing } from "./act.js";
import { open } from "./dialogs.js";
import { furnish } from "./menus.js";
import { shared } from "./shared.js";

const WAIT = 1200;
let first = "";
let timer = 0;
let marked = null;
const map = () => { try { return JSON.parse(kept.get("keymap") || "{}"); } catch { return {}; } };

const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const listed = (element) => element.closest(".menu:not(#create)") || visible(element);
const quote = (text) => text.replaceAll('"', '\\"');

/** The row that has focus, of the list that keys walk through. */
const rowNow = () => document.activeElement?.closest?.("[data-row]");

function keyed(combination) {
  const here = rowNow()?.querySelector(`[data-row-key="${quote(combination)}"]`);
  if (here) return here;
  return [...document.querySelectorAll(`[data-key="${quote(combination)}"]`)].find((one) => !one.closest("#create") && !one.disabled && listed(one))
    ?? document.querySelector(`#create [data-key="${quote(combination)}"]`);
}

const begins = (letter) => document.querySelector(`[data-key^="${quote(letter)} "]`) || Object.values(map()).some((one) => one.startsWith(`${letter} `));

// What was pressed → the first key of the act that it stands for now; "" where it stands for none.
function meant(pressed) {
  const changed = map();
  const found = Object.keys(changed).find((one) => changed[one] === pressed);
  if (found) return found;
  return pressed in changed ? "" : pressed;
}

const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter(visible);

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(rowNow());
  const row = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + step))];
  (row.querySelector("a.main, a, button") ?? row).focus();
  return true;
}

const tickOf = (row) => row?.querySelector("input[type=checkbox]");

function select() {
  const row = rowNow();
  if (!tickOf(row)) return false;
  tickOf(row).click();
  marked = row;
  return true;
}

function selectTo() {
  const [all, row] = [rows(), rowNow()];
  if (!tickOf(row)) return false;
  const from = all.indexOf(marked?.isConnected ? marked : row);
  const [low, high] = [from, all.indexOf(row)].sort((a, b) => a - b);
  for (const one of all.slice(low, high + 1)) if (tickOf(one) && !tickOf(one).checked) tickOf(one).click();
  marked = row;
  return true;
}

function filter() {
  const field = document.querySelector("[data-filter]");
  field?.focus();
  field?.select();
  return Boolean(field);
}

const OWN = {
  "?": () => { shared.then(() => open(document.getElementById("keys"))); return true; },
  "/": filter,
  j: () => move(1),
  k: () => move(-1),
  x: select,
};

function forget() {
  first = "";
  clearTimeout(timer);
}

function wait(letter) {
  first = letter;
  clearTimeout(timer);
  timer = setTimeout(forget, WAIT);
  const menu = letter === "c" && document.getElementById("create");
  if (menu && !menu.matches(":popover-open")) menu.showPopover?.();
}

function press(element) {
  forget();
  document.getElementById("create")?.hidePopover?.();
  element.closest(".menu")?.hidePopover?.();
  element.click();
  // The browser tells of an open menu a moment later; the next key is for the menu already.
  const menu = element.popoverTargetElement;
  if (menu?.matches(".menu:popover-open")) furnish(menu);
  return true;
}

function single(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.shiftKey && key === "x" && meant("x") === "x") return selectTo();
  if (event.shiftKey && /^[a-z]$/.test(key)) return false;
  const opened = document.getElementById("create")?.matches(":popover-open");
  const before = first || (opened ? "c" : "");
  const after = before ? meant(`${before} ${key}`) : "";
  const pair = after && keyed(after);
  if (pair) return press(pair);
  if (before) { forget(); return false; }
  const name = meant(key);
  if (!name) return false;
  const own = name.includes(" ") ? null : OWN[name]?.();
  if (own) return true;
  if (begins(key)) { wait(key); return true; }
  const found = keyed(name);
  return found ? press(found) : false;
}

function back(event) {
  if (event.defaultPrevented || document.querySelector("dialog:modal, :popover-open")) return;
  if (typing(event)) { event.target.blur(); document.getElementById("content")?.focus({ preventScroll: true }); return; }
  if (document.querySelector("[data-bulk]:not([hidden])")) return;
  document.querySelector("[data-back]")?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.key === "Unidentified") return;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.shiftKey && event.key.toLowerCase() === "o") {
    const button = document.querySelector('[popovertarget="switch"]');
    if (button) { event.preventDefault(); button.focus(); button.click(); }
    return;
  }
  if (command && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("guilder:palette"));
    return;
  }
  const named = command && !event.shiftKey && { Enter: "[data-primary]", s: "[data-save]" }[event.key];
  if (named) {
    const scope = document.querySelector("dialog:modal") ?? document;
    const found = [...scope.querySelectorAll(named)].filter(visible);
    const button = found.find((one) => one.dataset.primary !== "place") ?? found[0]; // a form's own before "New invoice"
    if (button) { event.preventDefault(); button.click(); }
    return;
  }
  if (event.key === "Escape") { back(event); return; }
  if (command || event.altKey || typing(event) || document.querySelector("dialog:modal")) return;
  const popover = event.target.closest?.("[popover]");
  if ((popover && popover.id !== "create") || kept.get("keys") === "off") return;
  const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (arrow && rowNow() && !popover) { if (move(arrow)) event.preventDefault(); return; }
  if (event.key.length === 1 && single(event)) event.preventDefault();
});

// The sheet: each single key is a button that takes the next key pressed.
let sheet;

function name(combination) {
  return combination.split(" ").map((one) => { const key = document.createElement("kbd"); key.textContent = one.toUpperCase(); return key; });
}

function draw() {
  const changed = map();
  for (const row of sheet.querySelectorAll("[data-binding]")) {
    const now = changed[row.dataset.binding] ?? row.dataset.binding;
    const button = row.querySelector("button") ?? Object.assign(document.createElement("button"), { type: "button", className: "keyedit" });
    button.dataset.do = "rebind";
    const told = Object.assign(document.createElement("span"), { className: "sr", textContent: sheet.dataset.change.replace("{}", row.querySelector("dt").textContent) });
    button.replaceChildren(told, ...(now ? name(now) : [document.createTextNode(sheet.dataset.none)]));
    row.querySelector("dd").replaceChildren(button);
  }
}

function bind(row, combination) {
  const changed = map();
  const taken = combination && [...sheet.querySelectorAll("[data-binding]")].some((one) => one !== row && (changed[one.dataset.binding] ?? one.dataset.binding) === combination);
  if (taken) return false;
  if (combination === row.dataset.binding) delete changed[row.dataset.binding];
  else changed[row.dataset.binding] = combination;
  kept.set("keymap", JSON.stringify(changed));
  draw();
  return true;
}

act("rebind", (button) => {
  const row = button.closest("[data-binding]");
  const length = row.dataset.binding.split(" ").length;
  const pressed = [];
  button.textContent = sheet.dataset.press;
  const stop = () => { button.removeEventListener("keydown", take, true); button.removeEventListener("blur", stop); draw(); row.querySelector("button").focus(); };
  const take = (event) => {
    if (["Shift", "Control", "Alt", "Meta", "Tab"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return stop();
    if (event.key === "Delete" || event.key === "Backspace") { bind(row, ""); return stop(); }
    if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return undefined;
    pressed.push(event.key.toLowerCase());
    if (pressed.length < length) return undefined;
    const fits = bind(row, pressed.join(" "));
    stop();
    if (!fits) row.querySelector("button").textContent = sheet.dataset.taken;
    return undefined;
  };
  button.addEventListener("keydown", take, true);
  button.addEventListener("blur", stop);
});

act("keys", (element) => kept.set("keys", element.checked ? "on" : "off"));
act("keys-reset", () => { kept.set("keymap", "{}"); draw(); });
shared.then(() => {
  sheet = document.querySelector("[data-keysheet]");
  const choice = document.querySelector('#keys [data-do="keys"]');
  if (choice) choice.checked = kept.get("keys") !== "off";
  if (sheet) draw();
});
