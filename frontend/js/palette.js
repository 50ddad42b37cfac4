// The palette: the acts of this page with their keys, recent things, pages and what can be made, sifted at once;
// documents, clients, amounts and dates are asked from the server by htmx.
import { act, kept } from "./act.js";
import { open } from "./dialogs.js";
import { shared } from "./shared.js";

let dialog, field, here, recent, none;
let ahead = false; // Enter came before the answer
const options = () => [...dialog.querySelectorAll("[role=option]")].filter((link) => !link.closest("[hidden]") && !link.hidden);
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function choose(link) {
  dialog.querySelectorAll("[aria-selected=true]").forEach((other) => other.setAttribute("aria-selected", "false"));
  link?.setAttribute("aria-selected", "true");
  link?.scrollIntoView({ block: "nearest" });
  if (link) field.setAttribute("aria-activedescendant", link.id);
  else field.removeAttribute("aria-activedescendant");
}

function sift() {
  const words = plain(field.value.trim()).split(/\s+/).filter(Boolean);
  for (const group of dialog.querySelectorAll("[data-sift]")) {
    let shown = 0;
    for (const link of group.querySelectorAll("[role=option]")) {
      const text = plain(link.textContent);
      link.hidden = !words.every((word) => text.includes(word));
      shown += link.hidden ? 0 : 1;
    }
    group.hidden = shown === 0;
  }
  recent.hidden = words.length > 0 || !recent.querySelector("[role=option]");
  if (!words.length) dialog.querySelector("#palette-hits").replaceChildren();
  choose(options()[0]);
}

// What was found is gone to by the browser itself: a request for the list that is under way would take a boosted one along.
function follow(link) {
  if (link?.closest("#palette-hits")) location.assign(link.href);
  else link?.click();
}

function step(by) {
  const all = options();
  const at = all.findIndex((link) => link.getAttribute("aria-selected") === "true");
  choose(all[(at + by + all.length) % all.length]);
}

function option({ id, text, icon, keys = "", href, hint = "" }) {
  const link = dialog.querySelector("template[data-option]").content.firstElementChild.cloneNode(true);
  link.id = id;
  if (href) link.href = href;
  const use = link.querySelector("use");
  if (icon) use.setAttribute("href", icon.includes("#") ? icon : use.getAttribute("href").replace(/#.*/, `#${icon}`));
  link.querySelector("[data-text]").textContent = text;
  if (hint) link.querySelector("[data-text]").append(Object.assign(document.createElement("span"), { className: "muted text-12 ms-2", textContent: hint }));
  for (const one of keys.split(" ").filter(Boolean)) {
    const key = Object.assign(document.createElement("kbd"), { textContent: one.length === 1 ? one.toUpperCase() : one });
    key.setAttribute("aria-hidden", "true");
    link.querySelector(".end").append(key);
  }
  return link;
}

// What can be done on this page: whatever has a key, the bar's and the head's buttons, and the entries of the bar's menus.
const ACTS = "[data-key], [data-row-key], [data-primary], [data-save], [data-act], .bar .end .btn, .bar .end .menu :is(a, button), .head .end .btn";
const NOT = ".nav, #bell, .tabbar, #more, #help, #account, #create, #switch, dialog, [data-do=theme], [popovertarget], .calendar";

function labelOf(element) {
  const twin = element.cloneNode(true);
  twin.querySelectorAll("kbd, svg").forEach((part) => part.remove());
  return (element.getAttribute("aria-label") || twin.textContent).replace(/\s+/g, " ").trim();
}

function keysOf(element) {
  const own = element.dataset.key || (document.activeElement?.closest?.("[data-row]")?.contains(element) && element.dataset.rowKey);
  if (own) return own;
  return element.matches("[data-primary]") ? "Ctrl ↵" : element.matches("[data-save]") ? "Ctrl S" : "";
}

function collect() {
  const row = document.activeElement?.closest?.("[data-row]");
  here.querySelectorAll("[role=option]").forEach((link) => link.remove());
  const known = new Set();
  let count = 0;
  for (const element of document.querySelectorAll(ACTS)) {
    if (element.closest(NOT) || element.disabled || element.closest("[hidden]")) continue;
    if (element.closest("[data-row]") && element.closest("[data-row]") !== row) continue;
    const inMenu = element.closest(".menu");
    if (!inMenu && !(element.checkVisibility?.() ?? true)) continue;
    const text = labelOf(element);
    if (!text || known.has(text)) continue;
    known.add(text);
    const link = option({ id: `here-${count += 1}`, text, icon: element.querySelector("use")?.getAttribute("href"), keys: keysOf(element) });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
      element.click();
    });
    here.append(link);
  }
}

// Things that were looked at, newest first; kept in this browser, for this organization, until sign-out.
const KINDS = { invoices: "invoice", quotes: "quote", "credit-notes": "credit", clients: "clients", items: "item", payments: "payment", suppliers: "supplier", recurring: "recurring" };
const shelf = `recent.${document.body.dataset.organization}`;
const list = () => { try { return JSON.parse(kept.get(shelf)) ?? []; } catch { return []; } };

function remember() {
  const found = location.pathname.match(/^\/([\w-]+)\/[0-9a-f-]{36}\/$/);
  const icon = found && KINDS[found[1]];
  if (!icon || document.body.classList.contains("outside")) return;
  const [text, hint] = document.title.split(" · ");
  kept.set(shelf, JSON.stringify([{ href: location.pathname, text, hint, icon }, ...list().filter((one) => one.href !== location.pathname)].slice(0, 8)));
}

function recall() {
  recent.querySelectorAll("[role=option]").forEach((link) => link.remove());
  list().filter((one) => one.href !== location.pathname).slice(0, 6).forEach((one, index) => recent.append(option({ ...one, id: `recent-${index}` })));
}

async function show() {
  await shared;
  if (!dialog || dialog.open) return;
  collect();
  recall();
  open(dialog);
  field.focus();
  field.select();
  sift();
}

function furnish() {
  dialog = document.getElementById("palette");
  if (!dialog) return;
  [field, here, recent, none] = ["input", "[data-here]", "[data-recent]", "[data-none]"].map((one) => dialog.querySelector(one));
  field.addEventListener("input", () => { none.hidden = true; ahead = false; sift(); });
  dialog.addEventListener("htmx:afterSettle", () => {
    choose(options()[0]);
    none.hidden = options().length > 0 || !field.value.trim();
    if (ahead) follow(options()[0]);
    ahead = false;
  });
  dialog.addEventListener("keydown", (event) => {
    // A search field would only empty itself.
    if (event.key === "Escape") { event.preventDefault(); dialog.close(); }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.key === "Enter" && event.target === field) {
      const link = options().find((one) => one.getAttribute("aria-selected") === "true") ?? options()[0];
      ahead = !link && field.classList.contains("htmx-request");
      if (link || ahead) event.preventDefault();
      follow(link);
    }
  });
  // An act chosen in the palette happens with the palette gone.
  dialog.addEventListener("click", (event) => { if (event.target.closest("[data-do]:not([data-do=close])")) dialog.close(); }, true);
}

remember();
shared.then(furnish);
document.addEventListener("guilder:palette", show);
act("palette", async (element, event) => {
  event.preventDefault();
  await show();
  if (!dialog) location.assign(element.href);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-forget]")) return;
  if (event.target.action.endsWith("/sign-out/")) {
    try { for (const name of Object.keys(localStorage)) if (name.startsWith("guilder.recent.")) localStorage.removeItem(name); } catch { /* storage is off */ }
  }
});
