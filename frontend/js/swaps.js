// What every swap owes: the line on top, one announcement, focus kept, words when the server cannot be reached.
import htmx from "htmx.org/dist/htmx.esm.js";
import { toast } from "./messages.js";

const line = document.querySelector(".loading");
const live = document.getElementById("live");
let running = 0;
let places = [];
let said = "";

function count(by) {
  running = Math.max(0, running + by);
  line?.classList.toggle("on", running > 0);
}

/** Read `text` out once; the same words twice in a row are still two announcements. */
export function announce(text) {
  if (!live || !text) return;
  live.textContent = text === said ? `${text}\u00a0` : text;
  said = live.textContent;
}

/** Fetch the page's list, or its content, again and morph it in place. */
export function refresh() {
  const list = document.getElementById("list");
  const target = list ? "#list" : "#content";
  // What stands outside of it and changes with it, such as a page's own buttons in the bar.
  const beside = [...document.querySelectorAll("[data-fresh][id]")].filter((one) => !one.closest(target)).map((one) => `#${one.id}:morph`).join(",");
  return htmx.ajax("GET", location.pathname + location.search, { target, select: target, selectOOB: beside || undefined, swap: list ? "morph" : "morph:outerHTML" }).catch(() => null);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  count(1);
  event.detail.target?.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  count(-1);
  event.detail.target?.removeAttribute("aria-busy");
});

// Focus that a swap took away goes to the same thing, else to its row, menu or part: never to the body.
const inside = (root) => `${root} :is([data-open], h1, h2, h3, a[href], button, input:not([type=hidden]), [tabindex])`;

function placesOf(element) {
  const found = [];
  const add = (selector) => { if (selector) found.push(selector); };
  const named = (one) => one?.id && `#${CSS.escape(one.id)}`;
  add(named(element));
  const menu = element.closest("[popover][id]");
  if (menu) add(`[popovertarget="${CSS.escape(menu.id)}"]`);
  const row = named(element.closest("[data-row]"));
  if (row) add(`${row} [data-open], ${row} a[href]`);
  if (element.getAttribute("href")) add(`#content [href="${CSS.escape(element.getAttribute("href"))}"]`);
  for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
    if (one.id) add(inside(named(one)));
  }
  return found;
}

document.addEventListener("focusin", (event) => {
  if (!event.target.closest("dialog")) places = placesOf(event.target);
});

/** Give focus that was lost to the nearest thing that is left of where it was. */
export function rescue() {
  if ((document.activeElement && document.activeElement !== document.body) || document.querySelector("dialog:modal")) return;
  for (const selector of [...places, "#content"]) {
    for (const one of document.querySelectorAll(selector)) {
      if (!(one.checkVisibility?.() ?? true)) continue;
      if (!one.matches("a[href], button, input, select, textarea, [tabindex]")) one.setAttribute("tabindex", "-1");
      one.focus({ preventScroll: !one.matches("[data-row] *") });
      if (document.activeElement === one) return;
    }
  }
}

// Where focus was before a dialog took it, or a swap or a menu's end took its place away.
document.addEventListener("close", () => setTimeout(rescue), true);
document.addEventListener("htmx:afterSettle", (event) => {
  if (places.length) setTimeout(rescue);
  const words = event.target.querySelector?.("[data-announce]") ?? event.target.closest?.("[data-announce]");
  if (words) announce(words.dataset.announce);
});

// No connection: say so for as long as it lasts, and send once more what did not go out.
const note = document.querySelector("[data-offline-note]");
const unsent = new Map();

function connected(is) {
  if (note) note.hidden = is;
  if (!is) return;
  const late = [...unsent.values()];
  unsent.clear();
  for (const { elt, requestConfig, target } of late) {
    if (elt.isConnected) htmx.ajax(requestConfig.verb.toUpperCase(), requestConfig.path.split("?")[0], { source: elt, target }).catch(() => null);
  }
}

document.addEventListener("htmx:sendError", (event) => {
  unsent.set(event.detail.elt, event.detail);
  if (navigator.onLine) toast(document.body.dataset.offline);
  connected(false);
});
document.addEventListener("htmx:afterOnLoad", () => { if (note && !note.hidden && navigator.onLine) connected(true); });
addEventListener("offline", () => connected(false));
addEventListener("online", () => connected(true));
if (!navigator.onLine) connected(false);

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const wait = Number(xhr.getResponseHeader("Retry-After"));
  if (xhr.status === 401) return;
  toast(xhr.status === 429 && wait ? document.body.dataset.busy.replace("{}", wait) : document.body.dataset.failed);
});

// The server's own: HX-Trigger: {"refresh": true}, and a post without a form of its own.
document.addEventListener("refresh", refresh);
document.addEventListener("guilder:post", (event) => {
  htmx.ajax("POST", event.detail.path, { values: event.detail.values, swap: "none", target: "body" }).catch(() => null);
});
