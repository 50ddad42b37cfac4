// Review and send: everything is kept first, then the dialog names the number; without a whole draft the server says what is wrong.
import { field, form, says, toast } from "./form.js";
import { save } from "./draft.js";

const link = document.getElementById("review-link");
let natural = false;

async function keepFirst(button) {
  button.setAttribute("aria-busy", "true");
  const told = await save({ settled: true });
  button.removeAttribute("aria-busy");
  if (told && !told.left_out) {
    if (button.value === "review") review(told);
    else toast(says("Kept"));
    return;
  }
  natural = true;
  form.requestSubmit(button);
}

function review(told) {
  const address = new URL(told.review_url, location.href);
  if (field("issued_on").value) address.searchParams.set("on", field("issued_on").value);
  link.href = address.pathname + address.search;
  link.click();
}

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!["review", "save"].includes(button?.value) || natural || button.formTarget === "_blank" || button.closest("#conflict")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  button.closest("[popover]")?.hidePopover();
  if (!button.getAttribute("aria-busy")) keepFirst(button);
}, true);

// Ctrl+S keeps the draft wherever its button is.
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "s" || document.querySelector("dialog:modal")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = document.querySelector("[data-save]");
  if (!button.getAttribute("aria-busy")) keepFirst(button);
}, true);

/** Lead to what a link of the checks or of the review means, closing what floats. */
function go(address) {
  const target = document.getElementById(decodeURIComponent(address.hash.slice(1)));
  if (!target) return false;
  if (target.closest("#sheet")) { target.focus(); return true; }
  document.getElementById("sheet")?.close?.();
  document.getElementById("not-ready")?.hidePopover?.();
  for (const box of [target.closest("details"), target.closest("fieldset[hidden]")]) { if (box?.matches("details")) box.open = true; else if (box) box.hidden = false; }
  requestAnimationFrame(() => { target.focus(); target.scrollIntoView({ block: "center" }); });
  return true;
}

document.addEventListener("click", (event) => {
  const found = event.target.closest?.('#sheet a[href*="#"], a[data-edit="go"]');
  if (!found) return;
  const address = new URL(found.href, location.href);
  if (address.pathname === location.pathname && address.hash && go(address)) event.preventDefault();
});
