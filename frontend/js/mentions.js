// "@Name" in a comment: colleagues whose name begins like what is typed, taken by Enter, Tab or a press.
const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const typed = (field) => /(?:^|\s)@([^@\n]{0,30})$/.exec(field.value.slice(0, field.selectionStart))?.[1];
const optionsOf = (field) => [...listOf(field).querySelectorAll("[role=option]")];
const chosenOf = (field) => listOf(field).querySelector('[aria-selected="true"]');

function close(field) {
  listOf(field)?.replaceChildren();
  field.removeAttribute("aria-activedescendant");
}

function mark(field, option) {
  chosenOf(field)?.setAttribute("aria-selected", "false");
  if (!option) return;
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
}

function offer(field) {
  const begun = typed(field);
  if (begun === undefined) return close(field);
  const fitting = JSON.parse(field.dataset.mentions).filter((name) => name.toLowerCase().startsWith(begun.toLowerCase())).slice(0, 6);
  const options = fitting.map((name, index) => {
    const option = document.createElement("div");
    option.id = `${listOf(field).id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.person = name;
    option.textContent = name;
    return option;
  });
  listOf(field).replaceChildren(...options);
  mark(field, options[0]);
}

function take(field, option) {
  const before = field.value.slice(0, field.selectionStart).replace(/@[^@\n]{0,30}$/, `@${option.dataset.person} `);
  const rest = field.value.slice(field.selectionStart);
  field.value = before + rest;
  field.setSelectionRange(before.length, before.length);
  close(field);
}

document.addEventListener("input", (event) => { if (event.target.matches?.("[data-mentions]")) offer(event.target); });
document.addEventListener("focusout", (event) => { if (event.target.matches?.("[data-mentions]")) close(event.target); });
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("[data-person]");
  if (!option) return;
  event.preventDefault();
  const field = document.querySelector(`[data-mentions][aria-controls="${option.parentElement.id}"]`);
  field.focus();
  take(field, option);
});
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-mentions]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); event.stopPropagation(); field.form.requestSubmit(); return; }
  const options = optionsOf(field);
  if (!options.length) return;
  const at = options.indexOf(chosenOf(field));
  if (event.key === "ArrowDown") mark(field, options[(at + 1) % options.length]);
  else if (event.key === "ArrowUp") mark(field, options.at(at - 1));
  else if (event.key === "Enter" || event.key === "Tab") take(field, options[at]);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
