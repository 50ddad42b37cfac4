// Undo, one edit at a time: what a field's own undo cannot bring back (rows, pastes, chosen items) comes back from here.
import { contents, form, put, changed } from "./form.js";

const MOST = 100;
const past = [];
let now = null;
let before = "";
const button = document.querySelector('[data-edit="undo"]');

/** Remember what stood there before an edit; twice the same is once. */
export function note() {
  const state = contents();
  const text = JSON.stringify(state);
  if (text === now) return;
  if (now !== null) past.push(now);
  if (past.length > MOST) past.shift();
  now = text;
  if (button) button.hidden = past.length === 0;
}

/** Take the newest edit back; false where there is none. */
export function undo() {
  note();
  const last = past.pop();
  if (!last) return false;
  now = last;
  put(JSON.parse(last));
  if (button) button.hidden = past.length === 0;
  changed("undo");
  return true;
}

if (form) {
  form.addEventListener("focusin", (event) => { before = event.target.value ?? ""; });
  form.addEventListener("change", () => note());
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return;
    const at = document.activeElement;
    if (document.querySelector("dialog:modal")) return;
    const typedHere = form.contains(at) && "value" in at && at.value !== before && at.tagName !== "SELECT";
    if (typedHere || (!form.contains(at) && document.querySelector(".toast form[data-undoes]:not([hidden])"))) return;
    if (undo()) { event.preventDefault(); event.stopPropagation(); before = document.activeElement?.value ?? ""; }
  }, true);
  button?.addEventListener("click", () => undo());
}
