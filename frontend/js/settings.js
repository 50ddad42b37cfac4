// Settings: a topic is found by typing, "Save" comes once something changed, and leaving asks first.
import { act, kept } from "./act.js";

const field = document.querySelector("[data-topics]");
// On a phone the topics are one row: the current one is in view.
const list = field?.closest(".topics");
const current = list?.querySelector("[aria-current]");
if (current && list.scrollWidth > list.clientWidth) list.scrollLeft = current.offsetLeft - list.clientWidth / 2;
field?.addEventListener("input", () => {
  const wanted = field.value.trim().toLowerCase().split(/\s+/);
  let found = 0;
  for (const group of document.querySelectorAll("[data-topic-group]")) {
    let here = 0;
    for (const topic of group.querySelectorAll("[data-topic]")) {
      const fits = wanted.every((word) => topic.dataset.topic.toLowerCase().includes(word));
      topic.hidden = !fits;
      here += fits;
    }
    group.hidden = !here;
    found += here;
  }
  document.querySelector("[data-topics-none]").hidden = found > 0;
});
field?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  document.querySelector("[data-topic]:not([hidden]) a")?.click();
});

// What a form holds, as text; a chosen file is a change whatever its name.
const state = (form) => {
  const pairs = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  return JSON.stringify(pairs.map(([name, value]) => [name, value instanceof File ? `${value.name}${value.size}` : value]));
};
let leaving = false;
const watched = [...document.querySelectorAll("form[data-dirty]")].map((form) => {
  const bar = form.querySelector("[data-savebar]");
  const said = bar?.querySelector("[data-said]");
  const begun = state(form);
  // After a refusal or a clash what is typed is not what is stored.
  const refused = Boolean(form.querySelector(".summary") ?? document.querySelector(".clash"));
  const changed = () => refused || state(form) !== begun;
  const look = () => {
    const on = changed();
    bar?.classList.toggle("on", on);
    if (said && said.textContent !== (on ? said.dataset.said : "")) said.textContent = on ? said.dataset.said : "";
  };
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  form.addEventListener("submit", () => { leaving = true; });
  look();
  return changed;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-savebar] a")) leaving = true;
});
if (watched.length) {
  addEventListener("beforeunload", (event) => {
    if (!leaving && watched.some((changed) => changed())) event.preventDefault();
  });
}

// How high rows of lists are, in this browser.
const density = () => kept.get("density") ?? "";
const press = () => {
  for (const button of document.querySelectorAll('[data-do="density"]')) {
    button.setAttribute("aria-pressed", String(button.dataset.density === density()));
  }
};
act("density", (element) => {
  kept.set("density", element.dataset.density);
  document.documentElement.dataset.density = density();
  press();
});
press();

// The switch of single keys stands here and on the key sheet: both say the same.
const switches = () => document.querySelectorAll('[data-do="keys"]');
for (const one of switches()) one.checked = kept.get("keys") !== "off";
document.addEventListener("change", (event) => {
  if (event.target.matches('[data-do="keys"]')) for (const other of switches()) other.checked = event.target.checked;
});
