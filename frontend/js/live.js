// Live pages: one event stream for all tabs of an organization; what it names is fetched again and morphed in place.
import htmx from "htmx.org/dist/htmx.esm.js";
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";

// data-live="invoices client:<id>" on an element with an id says what it shows; data-live-url where it comes from
// (else the page's own address). An element is left alone while somebody types, selects or chooses in it.
const source = document.querySelector("[data-live-source]");
const PAUSE = 150;
const SPACING = 900;
const WAITS = [1, 2, 5, 10, 20, 30];
const KNOWN = 3000;
const RECENT = 200;

const known = new Set();
const recent = [];
const stale = new Map();
const fetched = new WeakMap();
const whole = new WeakSet();
let channel = null;
let stream = null;
let last = "";
let failures = 0;
let timer = 0;

const elements = () => [...document.querySelectorAll("[data-live]")].filter((element) => element.id);
const topicsOf = (element) => element.dataset.live.split(/\s+/).filter(Boolean);

// ---- What is told

function fresh(events) {
  const news = events.filter((one) => !one.id || !known.has(one.id));
  for (const { id } of news) if (id) known.add(id);
  while (known.size > KNOWN) known.delete(known.values().next().value);
  recent.push(...news);
  recent.splice(0, Math.max(0, recent.length - RECENT));
  return news;
}

function hear(events) {
  const news = fresh(events);
  const topics = new Set(news.flatMap((one) => one.topics));
  if (!topics.size) return;
  document.dispatchEvent(new CustomEvent("guilder:news", { detail: { topics: [...topics], ids: news.map((one) => one.id) } }));
  for (const element of elements()) {
    if (topics.has("*") || topicsOf(element).some((topic) => topics.has(topic))) spoil(element);
  }
}

// ---- What is fetched

/** Fetch an element anew as soon as nobody is busy in it. */
export function spoil(element) {
  stale.set(element.id, Date.now());
  wake(PAUSE);
}

function wake(wait) {
  clearTimeout(timer);
  timer = setTimeout(tend, wait);
}

const TYPED = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

function busy(element) {
  const active = document.activeElement;
  if (active && active !== document.body && element.contains(active) && active.matches(TYPED)) return true;
  if (element.matches(".htmx-request, [data-changed]") || element.querySelector(".htmx-request, [data-changed], dialog[open], [popover]:popover-open, details[open][data-holds]")) return true;
  const chosen = document.getSelection();
  return Boolean(chosen && !chosen.isCollapsed && chosen.anchorNode && element.contains(chosen.anchorNode));
}

function tend() {
  let again = 0;
  for (const id of [...stale.keys()]) {
    const element = document.getElementById(id);
    const since = Date.now() - (fetched.get(element) ?? 0);
    if (!element?.dataset.live) { stale.delete(id); continue; }
    if (busy(element)) again = Math.max(again, 400);
    else if (since < SPACING) again = Math.max(again, SPACING - since);
    else { stale.delete(id); fetched.set(element, Date.now()); renew(element); }
  }
  if (again) wake(again);
}

async function ask(element) {
  const address = element.dataset.liveUrl || location.pathname + location.search;
  const headers = { "HX-Live": "true" };
  if (!whole.has(element)) Object.assign(headers, { "HX-Request": "true", "HX-Target": element.id, "HX-Current-URL": location.href });
  const answer = await fetch(address, { headers, credentials: "same-origin", redirect: "manual" });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById(element.id);
}

// What stands outside of a page's content and changes with it, such as the buttons in the bar.
function beside(made) {
  for (const one of document.querySelectorAll("[data-fresh][id]")) {
    const fresh = made.ownerDocument.getElementById(one.id);
    if (fresh && !made.contains(fresh) && !busy(one)) { Idiomorph.morph(one, fresh, { morphStyle: "outerHTML" }); htmx.process(one); }
  }
}

// How often a person's own act has put something into the page.
let swaps = 0;
document.addEventListener("htmx:afterSwap", () => { swaps += 1; });

async function renew(element) {
  const before = swaps;
  try {
    let made = await ask(element);
    if (!made && !whole.has(element)) {
      whole.add(element);
      made = await ask(element);
    }
    if (!made || !element.isConnected) return;
    // What was asked for before an act may be older than what the act has shown since.
    if (busy(element) || swaps !== before) { spoil(element); return; }
    beside(made);
    morph(element, made);
  } catch {
    // No connection: the stream tells again what was missed.
  }
}

// What a person has ticked, opened or folded is theirs; the rest is the server's.
const THEIRS = new Set(["checked", "open", "indeterminate"]);
const kept = (name, node) => name === "style" || (THEIRS.has(name) && node.matches("input, details"));

function morph(element, made) {
  const before = new Map([...element.querySelectorAll("[data-row][id]")].map((row) => [row.id, row.textContent.trim()]));
  const active = document.activeElement;
  Idiomorph.morph(element, made, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    restoreFocus: true,
    callbacks: {
      beforeAttributeUpdated: (name, node) => !kept(name, node),
    },
  });
  const now = document.getElementById(element.id) ?? element;
  htmx.process(now);
  for (const tick of now.querySelectorAll("[data-row] input[type=checkbox]:checked")) tick.closest("[data-row]").classList.add("sel");
  for (const row of now.querySelectorAll("[data-row][id]")) {
    if (before.size && before.get(row.id) !== row.textContent.trim()) glow(row);
  }
  if (active?.isConnected && document.activeElement === document.body) active.focus({ preventScroll: true });
  now.dispatchEvent(new CustomEvent("guilder:live", { bubbles: true }));
}

function glow(row) {
  row.classList.add("fresh");
  setTimeout(() => row.classList.remove("fresh"), 1800);
}

document.addEventListener("focusout", () => { if (stale.size) wake(PAUSE); });

// ---- Who holds the stream: one tab, the others are told by it

function tell(message) {
  channel?.postMessage(message);
}

function open() {
  clearTimeout(open.timer);
  stream?.close();
  const after = last || source.dataset.after;
  stream = new EventSource(`${source.dataset.liveSource}?after=${after}`);
  stream.addEventListener("ready", (event) => { last = event.lastEventId; failures = 0; state("on"); });
  stream.addEventListener("message", (event) => {
    last = event.lastEventId;
    const { events } = JSON.parse(event.data);
    tell({ events, last });
    hear(events);
  });
  stream.addEventListener("end", (event) => {
    stream.close();
    if (event.data === "signed_out") { state("out"); tell({ out: true }); signedOut(); } else later(event.data === "crowded" ? 60 : undefined);
  });
  stream.addEventListener("error", () => {
    state("off");
    if (stream.readyState === EventSource.CLOSED) later();
  });
}

function later(seconds = WAITS[Math.min(failures, WAITS.length - 1)]) {
  failures += 1;
  state("off");
  clearTimeout(open.timer);
  open.timer = setTimeout(open, seconds * 1000);
}

function state(name) {
  document.documentElement.dataset.stream = name;
}

function signedOut() {
  document.dispatchEvent(new CustomEvent("guilder:signed-out"));
}

const again = () => { if (stream?.readyState === EventSource.CLOSED) open(); };
addEventListener("online", () => { if (stream) open(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });

// Held until the page is left, so that the next one, or another tab, takes over at once.
function lead() {
  open();
  return new Promise((resolve) => {
    addEventListener("pagehide", () => {
      clearTimeout(open.timer);
      stream?.close();
      stream = null;
      resolve();
    }, { once: true });
  });
}

function follow(name) {
  channel = new BroadcastChannel(name);
  channel.addEventListener("message", ({ data }) => {
    if (data.out) { signedOut(); return; }
    if (data.asks) { if (stream?.readyState === EventSource.OPEN) tell({ events: recent.filter((one) => one.at >= data.asks), last }); return; }
    last = data.last || last;
    state("on");
    hear(data.events);
  });
  tell({ asks: Math.floor(Number(source.dataset.after) / 1e6) });
}

if (source && globalThis.EventSource) {
  const name = `guilder-live:${source.dataset.liveSource}`;
  if (navigator.locks && globalThis.BroadcastChannel) {
    follow(name);
    navigator.locks.request(name, lead);
  } else {
    lead();
  }
  // A page out of the browser's memory is as old as it was.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (channel) navigator.locks.request(name, lead); else lead();
    elements().forEach(spoil);
  });
}
