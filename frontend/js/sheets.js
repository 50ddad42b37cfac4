// Small forms in place: a link with data-do="sheet" fills the one dialog #sheet; without script it is a link.
import htmx from "htmx.org/dist/htmx.esm.js";
import { act } from "./act.js";

const BODY = "#sheet-body";
const dialog = document.getElementById("sheet");
let opener = null;

function place() {
  const beside = dialog.dataset.kind === "beside" && opener?.isConnected && innerWidth > 760;
  dialog.classList.toggle("beside", beside);
  for (const name of ["left", "top"]) dialog.style.removeProperty(name);
  if (!beside) return;
  const at = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = dialog;
  const rightToLeft = getComputedStyle(opener).direction === "rtl";
  const start = rightToLeft ? at.left : at.right - width;
  const below = at.bottom + 6 + height <= innerHeight;
  dialog.style.left = `${Math.max(8, Math.min(start, innerWidth - width - 8))}px`;
  dialog.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - 6 - height)}px`;
}

function focusFirst() {
  const first = dialog.querySelector(".summary, [autofocus]") ?? dialog.querySelector("input:not([type=hidden]), select, textarea, button.primary, a.btn");
  first?.focus();
  if (first?.select && first.type !== "checkbox") first.select();
}

// A page that does without the script and styles of forms gets them with its first sheet.
function work() {
  const [script, style] = (document.body.dataset.work ?? "").split(" ");
  if (!script || document.querySelector(`script[src="${script}"]`)) return;
  document.head.append(
    Object.assign(document.createElement("link"), { rel: "stylesheet", href: style }),
    Object.assign(document.createElement("script"), { type: "module", src: script }),
  );
}

/** Open what `address` answers in the sheet; `from` is where it stands beside and where focus goes back to. */
export async function openSheet(address, from, kind) {
  if (!dialog) { location.href = address; return; }
  opener = from;
  work();
  dialog.dataset.kind = kind || "side";
  from?.setAttribute("aria-busy", "true");
  const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Target": "sheet-body" } }).catch(() => null);
  from?.removeAttribute("aria-busy");
  const text = answer?.ok ? await answer.text() : "";
  const page = new DOMParser().parseFromString(text, "text/html");
  const part = page.querySelector("[data-sheet]");
  if (!part) { location.href = address; return; }
  htmx.swap(BODY, part.outerHTML, { swapStyle: "innerHTML" });
  if (!dialog.open) dialog.showModal();
  place();
  focusFirst();
}

function close() {
  if (!dialog?.open) return;
  dialog.close();
}

act("sheet", (element, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openSheet(element.href ?? element.dataset.href, element.closest(".menu") ? document.querySelector(`[popovertarget="${element.closest(".menu").id}"]`) : element, element.dataset.kind);
  element.closest(".menu")?.hidePopover?.();
});

if (dialog) {
  dialog.addEventListener("close", () => {
    document.querySelector(BODY).replaceChildren();
    if (opener?.isConnected) opener.focus();
    else if (opener?.id) document.getElementById(opener.id)?.focus();
    opener = null;
  });
  dialog.addEventListener("htmx:afterSettle", () => { place(); if (dialog.querySelector(".summary")) focusFirst(); });
  addEventListener("resize", () => { if (dialog.open) place(); });
}

// The server's own: HX-Trigger: {"sheet-close": true}
document.addEventListener("sheet-close", close);
