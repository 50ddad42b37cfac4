// Lists: rows that open, a selection that outlives sort, filter and page, and the bar for what is selected.
import htmx from "htmx.org/dist/htmx.esm.js";
import { act, kept, typing } from "./act.js";
import { place } from "./menus.js";
import { announce } from "./swaps.js";

const list = () => document.getElementById("list");
const box = () => document.querySelector("[data-bulk]");
const ticks = () => [...(list()?.querySelectorAll("[data-tick]") ?? [])];
const key = () => `guilder.selected.${list()?.dataset.list}`;
const NOTHING = { ids: [], all: "", query: "", without: [] };
let anchor = null;
let asked = 0;

function chosen() {
  try { return { ...NOTHING, ...JSON.parse(sessionStorage.getItem(key()) ?? "{}") }; } catch { return { ...NOTHING }; }
}

function choose(next) {
  try { sessionStorage.setItem(key(), JSON.stringify(next)); } catch { /* storage is off */ }
  show(next);
  bar(next);
}

const count = ({ ids, all }) => all || ids.length > 0;
const holds = (now, id) => (now.all ? now.query === list()?.dataset.query && !now.without.includes(id) : now.ids.includes(id));

// Ticks and tints of this page's rows, and the tick over them.
function show(now = chosen()) {
  const boxes = ticks();
  for (const tick of boxes) {
    tick.checked = holds(now, tick.value);
    tick.closest("tr").classList.toggle("sel", tick.checked);
  }
  const head = list()?.querySelector("[data-tick-page]");
  if (!head) return;
  const on = boxes.filter((tick) => tick.checked).length;
  head.checked = on > 0 && on === boxes.length;
  head.indeterminate = on > 0 && on < boxes.length;
}

// The bar comes from the server, which counts and adds up; the newest answer wins.
async function bar(now = chosen()) {
  const holder = box();
  const here = list();
  if (!holder || !here) return;
  const turn = ++asked;
  if (!count(now)) { holder.replaceChildren(); return; }
  const body = new URLSearchParams({ all: now.all, query: now.query, ids: now.ids.join(","), without: now.without.join(","), here: here.dataset.here });
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  const answer = await fetch(here.dataset.selection, { method: "POST", body, headers: { ...token, "HX-Request": "true" } }).catch(() => null);
  if (turn !== asked || !answer?.ok) return;
  const focused = holder.contains(document.activeElement) ? document.activeElement : null;
  const mark = focused && (focused.id || focused.value || focused.dataset.do);
  htmx.swap(holder, await answer.text(), { swapStyle: "innerHTML" });
  announce(holder.querySelector("[data-announce]")?.dataset.announce ?? "");
  if (!focused) return;
  const same = [...holder.querySelectorAll("button")].find((button) => [button.id, button.value, button.dataset.do].includes(mark));
  (same ?? holder.querySelector("button"))?.focus();
}

function set(boxes, on) {
  const now = chosen();
  const ids = boxes.map((tick) => tick.value);
  if (now.all && now.query === list().dataset.query) {
    const without = new Set(now.without);
    for (const id of ids) { if (on) without.delete(id); else without.add(id); }
    return choose({ ...now, without: [...without] });
  }
  const kept = new Set(now.all ? [] : now.ids);
  for (const id of ids) { if (on) kept.add(id); else kept.delete(id); }
  return choose({ ...NOTHING, ids: [...kept] });
}

function range(tick, on) {
  const boxes = ticks();
  const [from, to] = [boxes.indexOf(anchor), boxes.indexOf(tick)].sort((a, b) => a - b);
  set(from < 0 ? [tick] : boxes.slice(from, to + 1), on);
  anchor = tick;
}

document.addEventListener("click", (event) => {
  const tick = event.target.closest?.("[data-tick]");
  if (tick) {
    if (event.shiftKey && anchor) range(tick, tick.checked);
    else { set([tick], tick.checked); anchor = tick; }
    return;
  }
  const head = event.target.closest?.("[data-tick-page]");
  if (head) { set(ticks(), head.checked); return; }
  const row = event.target.closest?.("#list [data-row]");
  if (!row || event.target.closest("a, button, input, label, [popover]") || String(getSelection())) return;
  const link = row.querySelector("[data-open]");
  if (link && (event.ctrlKey || event.metaKey)) window.open(link.href);
  else link?.click();
});

act("select-all", () => choose({ ...NOTHING, all: "1", query: list().dataset.query }));
act("select-none", () => { choose({ ...NOTHING }); ticks()[0]?.focus(); });

// X ticks the row in focus, Shift+X up to it; a row's own keys are those of its menu.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event) || document.querySelector("dialog:modal")) return;
  if (kept.get("keys") === "off" || event.target.closest?.("[popover]")) return;
  const row = document.activeElement?.closest?.("#list [data-row]");
  if (!row) return;
  const letter = event.key.toLowerCase();
  const tick = row.querySelector("[data-tick]");
  const entry = row.querySelector(`[data-row-key="${CSS.escape(letter)}"]`);
  if (letter === "x" && tick) { if (event.shiftKey) range(tick, true); else { set([tick], !tick.checked); anchor = tick; } }
  else if (entry && !event.shiftKey) entry.click();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// What is done is no longer selected; a file is only a copy.
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("[data-bulk-form]")) return;
  const name = event.submitter?.value ?? "";
  if (event.submitter?.matches("[data-sure]")) event.target.elements.sure.value = "1";
  if (!name.startsWith("export") && name !== "download") { try { sessionStorage.removeItem(key()); } catch { /* storage is off */ } }
});

// A preset and days of one's own exclude each other.
document.addEventListener("input", (event) => {
  const panel = event.target.closest?.("details.filter");
  const preset = panel?.querySelector("[data-preset]");
  if (!preset) return;
  if (event.target === preset) { if (preset.value) panel.querySelectorAll("[data-date]").forEach((field) => { field.value = ""; }); }
  else preset.value = "";
});

// Columns by drag, beside the buttons that do the same.
let dragged = null;
document.addEventListener("dragstart", (event) => { dragged = event.target.closest?.("[data-columns] [data-on]") ?? null; });
document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest?.("[data-columns] [data-on]");
  if (!over || over === dragged) return;
  event.preventDefault();
  const after = event.clientY > over.getBoundingClientRect().top + over.offsetHeight / 2;
  over[after ? "after" : "before"](dragged);
});
document.addEventListener("dragend", () => {
  if (!dragged) return;
  const keys = [...dragged.parentElement.querySelectorAll("[data-on]")].map((one) => one.dataset.column);
  dragged = null;
  const address = new URL(list().dataset.here, location.href);
  address.searchParams.set("cols", keys.join(","));
  address.searchParams.delete("cursor");
  htmx.ajax("GET", address.pathname + address.search, { target: "#list", swap: "morph" }).catch(() => null);
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "list" || event.target.querySelector?.("#list")) { show(); if (count(chosen()) && !box()?.firstElementChild) bar(); }
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.target?.id !== "list") return;
  const note = list().querySelector("[data-list-failed]");
  if (note) note.hidden = false;
});

if (list()) { show(); bar(); }
// Coming back by history shows what was selected since.
addEventListener("pageshow", (event) => { if (event.persisted && list()) { show(); bar(); } });

// The panels of the toolbar come when the first of them is opened.
async function fillPanels(menu) {
  const answer = await fetch(list().dataset.here, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) { location.assign(list().dataset.here); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const panel of list().querySelectorAll("[data-late]")) {
    const found = page.querySelector(`#${panel.closest(".menu").id} > .panel`);
    if (!found) continue;
    panel.replaceChildren(...found.childNodes);
    panel.removeAttribute("data-late");
    htmx.process(panel);
  }
  if (!menu.matches(":popover-open")) return;
  place(menu, document.querySelector(`[popovertarget="${menu.id}"]`));
  menu.querySelector("summary, a, button, input")?.focus();
}

document.addEventListener("toggle", (event) => {
  if (event.newState === "open" && event.target.querySelector?.("#list [data-late], :scope > [data-late]")) fillPanels(event.target);
}, true);
