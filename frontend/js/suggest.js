// Text fields with suggestions: data-suggest="<address>"; an option's data-fill names the fields it sets.
const WAIT = 120;
const timers = new WeakMap();
const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const chosen = (list) => list.querySelector('[aria-selected="true"]');

function close(field) {
  const list = listOf(field);
  list.replaceChildren();
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function mark(field, option) {
  const list = listOf(field);
  chosen(list)?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
}

async function ask(field) {
  const address = new URL(field.dataset.suggest, location.href);
  address.searchParams.set("q", field.value);
  for (const name of (field.dataset.with ?? "").split(" ").filter(Boolean)) {
    address.searchParams.set(name, field.form?.elements[name]?.value ?? "");
  }
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok || document.activeElement !== field) return;
  const list = listOf(field);
  list.innerHTML = await answer.text();
  const options = [...list.querySelectorAll('[role="option"]')];
  options.forEach((option, index) => { option.id = `${list.id}-${index}`; });
  field.setAttribute("aria-expanded", String(options.length > 0));
  mark(field, options[0]);
}

function take(field, option) {
  const scope = field.closest("[data-fill-scope]") ?? field.form;
  const values = JSON.parse(option.dataset.fill ?? "{}");
  for (const [name, value] of Object.entries(values)) {
    const target = scope.querySelector(`[data-name="${name}"]`);
    if (target) target.value = value;
  }
  close(field);
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-suggest]")) return;
  const own = (field.closest("[data-fill-scope]") ?? field.form).querySelector(`[data-name="${field.dataset.clears}"]`);
  if (own) own.value = "";
  clearTimeout(timers.get(field));
  timers.set(field, setTimeout(() => ask(field), WAIT));
});

document.addEventListener("focusin", (event) => {
  const field = event.target;
  if (field.matches?.("[data-suggest][data-eager]") && !field.value) ask(field);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-suggest]")) close(event.target);
});

// Before focus leaves the field: a press on an option takes it.
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".suggestions [role=option]");
  if (!option) return;
  event.preventDefault();
  const list = option.closest(".suggestions");
  take(document.querySelector(`[aria-controls="${list.id}"]`), option);
});

// Capturing, so that the line grid sees only the keys that no open list needs.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.('[data-suggest][aria-expanded="true"]')) return;
  const options = [...listOf(field).querySelectorAll('[role="option"]')];
  const at = options.indexOf(chosen(listOf(field)));
  if (event.key === "ArrowDown") mark(field, options[(at + 1) % options.length]);
  else if (event.key === "ArrowUp") mark(field, options.at(at - 1));
  else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) take(field, options[at]);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
