// Toasts: one line, eight seconds, held while pointed at or focused, three at most; Ctrl+Z presses the newest Undo.
import { act, remembered } from "./act.js";

const LIFE = 8;
const box = document.querySelector("[data-toasts]");
const now = () => Date.now();

function live(element, seconds) {
  let left = seconds * 1000;
  let since = now();
  const end = () => element.remove();
  let timer = setTimeout(end, left);
  const hold = () => { clearTimeout(timer); left -= now() - since; };
  const run = () => { clearTimeout(timer); since = now(); timer = setTimeout(end, Math.max(left, 500)); };
  element.style.setProperty("--life", `${seconds}s`);
  for (const name of ["pointerenter", "focusin"]) element.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) element.addEventListener(name, run);
}

// What can be undone stays so on the next page too.
function keep(said, seconds) {
  const others = waiting().filter((one) => one.undo_url !== said.undo_url);
  remembered.set("undo", [...others, { ...said, until: now() + seconds * 1000 }].slice(-3));
}

const waiting = () => (remembered.get("undo") ?? []).filter((one) => one.until > now());
const forget = (url) => remembered.set("undo", waiting().filter((one) => one.undo_url !== url));

/** Show `said`: a text, or {text, undo_url, undo_label, seconds, icon}. */
export function toast(said) {
  const { text, undo_url: url, undo_label: label, seconds = LIFE } = typeof said === "string" ? { text: said } : said ?? {};
  const template = document.querySelector("template[data-toast]");
  if (!box || !template || !text) return;
  const element = template.content.firstElementChild.cloneNode(true);
  const form = element.querySelector("form");
  element.querySelector("[data-text]").textContent = text;
  if (url && form) {
    form.action = url;
    form.hidden = false;
    if (label) form.querySelector("[data-undo] span").textContent = label;
    keep({ text, undo_url: url, undo_label: label }, seconds);
  } else {
    form?.remove();
  }
  box.append(element);
  while (box.children.length > 3) box.firstElementChild.remove();
  live(element, seconds);
}

act("dismiss", (element) => {
  const gone = element.closest("[data-dismiss], .toast, .note");
  const form = gone?.querySelector("form[data-undoes]");
  if (form) forget(new URL(form.action).pathname);
  gone?.remove();
});

// An undo is posted in place: the answer tells by HX-Trigger what to show, or where it leads.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-undoes]")) return;
  event.preventDefault();
  const button = form.querySelector("[data-undo]");
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const path = new URL(form.action).pathname;
  forget(path);
  document.dispatchEvent(new CustomEvent("guilder:post", { detail: { path, values: Object.fromEntries(new FormData(form)) } }));
  form.closest(".toast")?.remove();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return;
  if (event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
  const button = [...(box?.querySelectorAll("form[data-undoes]:not([hidden]) [data-undo]") ?? [])].at(-1);
  if (!button) return;
  event.preventDefault();
  button.click();
});

if (box) {
  for (const element of box.querySelectorAll(".toast")) {
    const form = element.querySelector("form[data-undoes]:not([hidden])");
    live(element, LIFE);
    if (form) keep({ text: element.querySelector("[data-text]").textContent, undo_url: new URL(form.action).pathname, undo_label: form.querySelector("[data-undo] span").textContent }, LIFE);
  }
  const shown = new Set([...box.querySelectorAll("form[data-undoes]:not([hidden])")].map((form) => new URL(form.action).pathname));
  for (const one of waiting()) if (!shown.has(one.undo_url)) toast({ ...one, seconds: (one.until - now()) / 1000 });
}

// The server's own: HX-Trigger: {"toast": {"text": "…", "undo_url": "…"}}
document.addEventListener("toast", (event) => toast(event.detail?.text ? event.detail : event.detail?.value));
