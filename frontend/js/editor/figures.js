// The server's own figures: asked when typing rests, put in place by id, and never over what was typed since.
import { cell, form, grid, rowsOf } from "./form.js";
import { estimate, forget, settled } from "./estimate.js";

const REST = 250;
const pane = document.getElementById("preview-pane");
let revision = 0;
let timer = 0;
let running = null;
let view = pane.querySelector('[aria-selected="true"]')?.dataset.view ?? "pdf";
let page = 1;
let spoken = "";

/** Something was typed or moved: sums at once, the server's a little later. */
export function touched(delay = REST) {
  revision += 1;
  clearTimeout(timer);
  timer = setTimeout(ask, delay);
}

async function ask() {
  running?.abort();
  running = new AbortController();
  const [asked, body] = [revision, new FormData(form)];
  body.set("preview", pane.checkVisibility() ? view : "none");
  body.set("page", String(page));
  let answer;
  try {
    answer = await fetch(form.dataset.figures, { method: "POST", body, headers: { "HX-Request": "true" }, signal: running.signal });
  } catch { return; }
  if (!answer.ok || answer.status === 204) return;
  const text = await answer.text();
  if (asked !== revision) return;
  const holder = document.createElement("template");
  holder.innerHTML = text;
  await ready(holder.content);
  if (asked === revision) place(holder.content);
}

// A picture is decoded before it stands there, so that the paper never blinks.
async function ready(part) {
  const picture = part.querySelector("#preview img");
  if (!picture) return;
  const image = new Image();
  image.src = picture.getAttribute("src");
  await image.decode().catch(() => null);
}

function place(part) {
  for (const next of part.querySelectorAll("[id]")) {
    if (next.closest("[id] [id]") && next.parentElement.closest("[id]")) continue;
    const old = document.getElementById(next.id);
    if (!old || old.outerHTML === next.outerHTML) continue;
    if (next.id.startsWith("amount-")) amount(old, next);
    else if (next.id === "preview" && framed(old, next)) continue;
    else if (!busy(old)) old.replaceWith(next);
  }
  for (const row of rowsOf()) { forget(row); answered(row); }
  settled();
  for (const one of document.querySelectorAll(".estimate")) one.classList.remove("estimate");
  email();
  speak();
  grid.dispatchEvent(new CustomEvent("editor:answered", { bubbles: true }));
}

const busy = (element) => (element.contains(document.activeElement) && document.activeElement !== document.body) || element.querySelector(":popover-open");

function amount(old, next) {
  for (const name of ["rate", "category", "auto", "price"]) old.dataset[name] = next.dataset[name] ?? "";
  if ("inclusive" in next.dataset) old.dataset.inclusive = "";
  else delete old.dataset.inclusive;
  if (old.textContent !== next.textContent) old.textContent = next.textContent;
}

// The first option of a tax says what the rules found.
function answered(row) {
  const select = cell(row, "tax");
  const { dataset } = row.querySelector(".w-amount .cell");
  dataset.for = select.value;
  const first = select.options[0];
  if (!select.value && dataset.auto && first.textContent !== dataset.auto) first.textContent = dataset.auto;
}

// The client's page as it is now stays until the new one has come, and keeps its place.
function framed(old, next) {
  const [was, will] = [old.querySelector("iframe"), next.querySelector("iframe")];
  if (!was || !will) return false;
  for (const one of old.querySelectorAll("iframe.coming")) one.remove();
  if (was.getAttribute("src") === will.getAttribute("src")) return true;
  will.className = "coming";
  will.addEventListener("load", () => {
    will.contentWindow.scrollTo(0, was.contentWindow?.scrollY ?? 0);
    was.remove();
    will.className = "";
  }, { once: true });
  was.after(will);
  return true;
}

/** What the server keeps has changed: the client's page is drawn from that. */
export function kept() {
  if (view === "page" && pane.checkVisibility()) touched(0);
}

/** A client without an address for documents is asked for one. */
export function email() {
  const box = document.getElementById("client-email");
  const card = document.getElementById("client-card");
  const name = form.elements.client_name.value.trim();
  if (box && card && !box.contains(document.activeElement)) box.hidden = !name || Boolean(card.dataset.email);
}

function speak() {
  const words = document.getElementById("totals")?.dataset.announce ?? "";
  const live = document.getElementById("live");
  if (live && words && spoken && words !== spoken) live.textContent = words;
  spoken = words;
}

function show(name) {
  view = name;
  page = 1;
  for (const tab of pane.querySelectorAll("[data-view]")) {
    const on = tab.dataset.view === name;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
  }
  touched(0);
}

const chosen = { get: () => { try { return localStorage.getItem("guilder.preview"); } catch { return null; } }, set: (value) => { try { localStorage.setItem("guilder.preview", value); } catch { /* storage is off */ } } };

function toggle() {
  const narrow = matchMedia("(max-width: 1180px)").matches;
  const main = form.parentElement;
  const shown = narrow ? main.classList.toggle("preview-open") : !main.classList.toggle("no-preview");
  if (!narrow) chosen.set(shown ? "on" : "off");
  for (const button of document.querySelectorAll('[data-edit="preview"]')) button.setAttribute("aria-expanded", String(shown));
  if (shown) { touched(0); pane.querySelector('[aria-selected="true"]')?.focus(); }
  else document.querySelector('.bar [data-edit="preview"]')?.focus();
}

pane.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-view]");
  if (tab) show(tab.dataset.view);
  const turn = event.target.closest('[data-edit^="page-"]')?.dataset.edit;
  const { pages = "1" } = document.getElementById("preview").dataset;
  if (turn) { page = Math.max(1, Math.min(Number(pages), page + (turn === "page-on" ? 1 : -1))); touched(0); }
});
pane.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
  const tabs = [...pane.querySelectorAll("[data-view]")];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const turned = document.documentElement.dir === "rtl" ? -step : step;
  const next = tabs.at((tabs.indexOf(document.activeElement) + turned) % tabs.length);
  next.focus();
  show(next.dataset.view);
});
document.addEventListener("click", (event) => { if (event.target.closest?.('[data-edit="preview"]')) toggle(); });
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === "p") { event.preventDefault(); toggle(); }
  if (event.key === "Escape" && form.parentElement.classList.contains("preview-open") && !document.querySelector("dialog:modal")) toggle();
});

// What a sum depends on; other words wait for the server without a reckoning.
const COUNTED = /(^|-)(name|item|quantity|unit_price|tax|discount|discount_unit|charge|currency)$/;

form.addEventListener("input", (event) => {
  touched();
  if (!COUNTED.test(event.target.name)) return;
  forget(event.target.closest("[data-line]"));
  estimate();
});
form.addEventListener("change", (event) => { forget(event.target.closest("[data-line]")); touched(120); estimate(); });
form.addEventListener("editor:changed", () => { for (const row of rowsOf()) forget(row); touched(120); estimate(); });

if (chosen.get() === "off" && !matchMedia("(max-width: 1180px)").matches) form.parentElement.classList.add("no-preview");
for (const tab of pane.querySelectorAll("[data-view]")) tab.tabIndex = tab.getAttribute("aria-selected") === "true" ? 0 : -1;
for (const row of rowsOf()) answered(row);
email();
if (pane.querySelector("[data-late]") && pane.checkVisibility()) touched(0);
