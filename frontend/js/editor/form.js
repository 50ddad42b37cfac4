// The editor's form as a whole: its rows, what stands in it, and putting that back.
export const form = document.querySelector("[data-editor]");
export const grid = form?.querySelector("[data-lines]");
const OWN = new Set(["csrfmiddlewaretoken", "paper", "version"]);
let made = 0;

export const rowsOf = () => [...grid.querySelectorAll("[data-line]")];
export const cell = (row, name) => row.querySelector(`[data-name="${name}"]`);
export const keyOf = (row) => row.querySelector("[name=lines]").value;
export const isBlank = (row) => !["name", "description", "unit_price", "item"].some((name) => cell(row, name)?.value.trim());
export const field = (name) => form.elements[name];
export const says = (name) => form.dataset[`says${name}`] ?? "";

/** A new row, ready to be put in; its selects begin like those of the last line. */
export function fresh(key) {
  made += 1;
  const name = key ?? `n${Date.now().toString(36)}${made}`;
  const holder = document.createElement("tbody");
  holder.innerHTML = grid.querySelector("template[data-blank]").innerHTML.replaceAll("__key__", name);
  return holder.firstElementChild;
}

/** Say the rows' places to screen readers. */
export function number() {
  rowsOf().forEach((row, index) => {
    for (const one of row.querySelectorAll("[data-label]")) {
      const words = one.dataset.label.replace("{}", index + 1);
      if (one.getAttribute("aria-label") !== words) one.setAttribute("aria-label", words);
    }
  });
}

/** There is always an empty row at the end. */
export function keepBlank() {
  const last = grid.querySelector("tbody > [data-line]:last-of-type");
  if (last && isBlank(last)) return;
  const row = fresh();
  grid.querySelector("tbody").append(row);
  number();
}

/** Everything that is typed, as [name, value] pairs in the page's order. */
export function contents() {
  return [...new FormData(form)].filter(([name, value]) => !OWN.has(name) && typeof value === "string");
}

// A row comes with the unit and tax that it has; other choices, and extras that nobody wrote in, are the empty row's.
function offer(row) {
  row.querySelector("details.extras:empty")?.replaceWith(fresh(keyOf(row)).querySelector("details.extras"));
  for (const name of ["unit", "tax"]) {
    const [mine, all] = [cell(row, name), grid.querySelector("template[data-blank]").content.querySelector(`[data-name="${name}"]`)];
    if (!mine || mine.options.length >= all.options.length) continue;
    const [now, own] = [mine.value, new Map([...mine.options].map((one) => [one.value, one]))];
    mine.replaceChildren(...[...all.options].map((one) => own.get(one.value) ?? Object.assign(one.cloneNode(true), { defaultSelected: false })));
    mine.value = now;
  }
}

const bare = (row) => !row || isBlank(row);

/** Put `contents()` back: rows that are gone come again, others go. */
export function put(entries) {
  const values = new Map(entries.filter(([name]) => name !== "lines" && name !== "deducts"));
  const keys = entries.filter(([name]) => name === "lines").map(([, value]) => value);
  const ticked = new Set(entries.filter(([name]) => name === "deducts").map(([, value]) => value));
  const known = new Map(rowsOf().map((row) => [keyOf(row), row]));
  const body = grid.querySelector("tbody");
  const rows = keys.map((key) => known.get(key) ?? fresh(key));
  for (const row of rowsOf()) if (!rows.includes(row)) row.remove();
  rows.forEach((row, index) => { if (body.children[index] !== row) body.insertBefore(row, body.children[index] ?? null); });
  for (const one of form.elements) {
    if (!one.name || OWN.has(one.name) || one.name === "lines" || one.type === "submit") continue;
    if (one.type === "checkbox") one.checked = ticked.has(one.value);
    else if (values.has(one.name) && one.value !== values.get(one.name)) one.value = values.get(one.name);
  }
  for (const row of rows) {
    const extras = row.querySelector("details.extras");
    if (["discount", "period", "note"].some((name) => cell(row, name)?.value)) extras.open = true;
  }
  if (bare(rowsOf().at(-1)) === false) keepBlank();
  number();
}

/** Tell everybody that something was changed by other means than typing. */
export function changed(what = "change") {
  form.dispatchEvent(new CustomEvent("editor:changed", { detail: what }));
}

/** A toast by the page's own messages. */
export function toast(text, more = {}) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, ...more } }));
}

if (grid) {
  for (const row of rowsOf()) offer(row);
  number();
}
