// Toasts: one line, eight seconds, held while pointed at or focused, three at most.
import { act } from "./act.js";

const LIFE = 8000;
const box = document.querySelector("[data-toasts]");

function live(element) {
  let left = LIFE;
  let since = Date.now();
  let timer = setTimeout(() => element.remove(), left);
  const hold = () => { clearTimeout(timer); left -= Date.now() - since; };
  const run = () => { clearTimeout(timer); since = Date.now(); timer = setTimeout(() => element.remove(), Math.max(left, 500)); };
  for (const name of ["pointerenter", "focusin"]) element.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) element.addEventListener(name, run);
}

/** Show `text` for eight seconds. */
export function toast(text) {
  const template = document.querySelector("template[data-toast]");
  if (!box || !template || !text) return;
  const element = template.content.firstElementChild.cloneNode(true);
  element.querySelector("[data-text]").textContent = text;
  box.append(element);
  while (box.children.length > 3) box.firstElementChild.remove();
  live(element);
}

act("dismiss", (element) => element.closest("[data-dismiss], .toast, .note")?.remove());

box?.querySelectorAll(".toast").forEach(live);
// The server's own: HX-Trigger: {"toast": {"text": "…"}}
document.addEventListener("toast", (event) => toast(event.detail?.text ?? event.detail?.value));
