// The client: chosen from what is known, or entered in place by name alone.
import { changed, field, form, toast } from "./form.js";
import { email } from "./figures.js";
import { focusLines } from "./grid.js";
import { filled } from "../options.js";
import { note } from "./undo.js";

const name = field("client_name");

async function enter() {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", field("csrfmiddlewaretoken").value);
  body.set("name", name.value.trim());
  let answer;
  try { answer = await fetch(form.dataset.clientUrl, { method: "POST", body, headers: { "HX-Request": "true" } }); } catch { return; }
  const told = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : {};
  if (!told.id) { if (told.text) toast(told.text); return; }
  await filled;
  field("client").value = told.id;
  name.value = told.name;
  if (told.currency && field("currency").value !== told.currency && !field("paper").value) field("currency").value = told.currency;
  toast(told.text);
  const card = document.getElementById("client-card");
  card.dataset.email = told.email ?? "";
  email();
  changed("client");
  if (!told.email) field("client_email").focus();
}

// suggest.js takes an option with a change of its own making; a person's change is a trusted one.
name.addEventListener("change", (event) => {
  if (event.isTrusted) return;
  note();
  if (!field("client").value && name.value.trim()) enter();
  else if (field("client").value) focusLines();
});

// Enter takes the first option; where the list is still on its way, the name that was typed.
name.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (field("client").value) focusLines();
  else if (name.value.trim()) waitForList();
});

function waitForList(tries = 12) {
  const list = document.getElementById("client-options");
  const first = list.querySelector("[role=option]");
  if (first && name.getAttribute("aria-expanded") === "true") { first.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, cancelable: true })); return; }
  if (tries) setTimeout(() => waitForList(tries - 1), 50);
  else enter();
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.('[data-edit="change-client"]')) { name.focus(); name.select(); }
});
