// Nothing is lost: what is typed is kept on this device at once, and by the server when typing rests; offline it waits.
import { contents, field, form, keyOf, put, rowsOf, says, toast, changed } from "./form.js";
import { filled } from "../options.js";
import { forget, estimate } from "./estimate.js";
import { kept, touched } from "./figures.js";
import { note } from "./undo.js";

const IDLE = 900;
const RETRY = 5000;
const saved = document.getElementById("saved");
const banner = document.getElementById("conflict");
const link = document.getElementById("review-link");
let changes = 0;
let stored = 0;
let timer = 0;
let keeping = 0;
let running = null;
let conflicted = false;
let leaving = false;

const paperId = () => field("paper").value;
const place = (id = paperId()) => `guilder.draft.${form.dataset.place}.${id || "new"}`;
const storage = {
  get(name) { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* storage is off or full */ } },
  drop(name) { try { localStorage.removeItem(name); } catch { /* storage is off */ } },
};

function say(text) {
  if (saved && saved.textContent !== text) saved.textContent = text;
}

/** Whether something was typed that the server does not have. */
export const isDirty = () => changes !== stored;

// On this device: a moment after each key, and when the page goes.
function keep() {
  clearTimeout(keeping);
  keeping = 0;
  if (!isDirty() || leaving) return;
  storage.set(place(), { entries: contents(), version: field("version").value, at: Date.now() });
}

function edited() {
  changes += 1;
  if (saved) saved.dataset.state = "typed";
  if (!keeping) keeping = setTimeout(() => (window.requestIdleCallback ? requestIdleCallback(keep, { timeout: 500 }) : keep()), 800);
  clearTimeout(timer);
  if (!conflicted) timer = setTimeout(() => save(), IDLE);
}

/** Let the server keep what is typed. Gives its answer, or null where it did not. */
export async function save({ settled = false } = {}) {
  clearTimeout(timer);
  if (running) await running.catch(() => null);
  if (conflicted) return null;
  running = send(settled);
  try { return await running; } finally { running = null; }
}

async function send(settled) {
  const upTo = changes;
  const body = new FormData(form);
  if (settled || document.activeElement !== field("client_name")) body.set("settled", "1");
  say(says("Saving"));
  let answer;
  try {
    answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "HX-Request": "true" } });
  } catch {
    say(says("Offline"));
    clearTimeout(timer);
    timer = setTimeout(() => save(), RETRY);
    return null;
  }
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  const told = isJson ? await answer.json() : {};
  if (answer.status === 409) return refused(told);
  if (answer.status === 401) { keep(); document.dispatchEvent(new CustomEvent("sign-in")); say(says("Unsaved")); return null; }
  if (answer.status === 202) { say(told.problems ? says("Fix") : says("Unsaved")); return null; }
  if (!answer.ok || !isJson || !told.id) { say(says("Offline")); timer = setTimeout(() => save(), RETRY); return null; }
  return accepted(told, upTo);
}

function refused(told) {
  if (told.gone) { leaving = true; location.href = told.gone; return null; }
  conflicted = true;
  banner.querySelector("[data-said]").textContent = told.conflict;
  banner.hidden = false;
  say(says("Unsaved"));
  keep();
  return null;
}

function accepted(told, upTo) {
  const before = place();
  stored = upTo;
  field("version").value = told.version;
  if (!field("client").value) field("client").value = told.client;
  if (paperId() !== told.id) began(told);
  for (const row of rowsOf()) row.querySelector("[data-at]").value = told.at[keyOf(row)] ?? "";
  say(told.saved);
  if (saved && !isDirty()) saved.dataset.state = "saved";
  if (before !== place()) storage.drop(before);
  if (isDirty() || told.left_out) storage.set(place(), { entries: contents(), version: String(told.version), at: Date.now() });
  else storage.drop(place());
  kept();
  return told;
}

function began(told) {
  field("paper").value = told.id;
  form.action = told.edit_url;
  link.href = told.review_url;
  history.replaceState(history.state, "", told.edit_url);
  const page = document.getElementById("draft-page");
  if (page) { page.href = told.page_url; page.hidden = false; }
  const client = document.getElementById("as-client");
  if (client) { client.href = told.as_client; client.hidden = false; }
}

// What this device still had when the page was opened.
function restore() {
  const found = storage.get(place());
  const left = storage.get(`${place()}.left`);
  storage.drop(`${place()}.left`);
  if (document.querySelector(".summary") || form.querySelector(".bad")) return;
  const wasSent = left && (left.version !== field("version").value || !paperId());
  if (!found || wasSent || (!paperId() && location.search)) { if (wasSent) storage.drop(place()); return; }
  const mine = contents();
  if (JSON.stringify(found.entries) === JSON.stringify(mine)) { storage.drop(place()); return; }
  put(found.entries);
  if (found.version) field("version").value = found.version;
  for (const row of rowsOf()) forget(row);
  changed("restore");
  edited();
  toast(says("Restored"));
}

// A full send leaves the page: what is kept here goes once the server has shown it.
form.addEventListener("submit", (event) => {
  if (event.submitter?.formTarget === "_blank" || event.defaultPrevented) return;
  storage.set(`${place()}.left`, { version: field("version").value });
  leaving = true;
});
addEventListener("pageshow", () => { leaving = false; });
addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
document.addEventListener("signed-in", () => { if (isDirty()) save(); });
addEventListener("online", () => { if (isDirty()) save(); });
addEventListener("offline", () => { if (isDirty()) { keep(); say(says("Offline")); } });

form.addEventListener("input", edited);
form.addEventListener("change", edited);
form.addEventListener("editor:changed", edited);

note();
estimate();
// A currency that was chosen can be put back once it is among the choices.
filled.then(() => {
  restore();
  estimate();
  if (isDirty()) touched(0);
});
