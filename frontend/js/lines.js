// The line grid: Tab walks the cells, Enter makes the next line, Alt+arrows move it, Ctrl+D copies it, pasted rows become lines.
import { act } from "./act.js";

const COLUMNS = { 1: ["name"], 2: ["name", "unit_price"], 3: ["name", "quantity", "unit_price"], 4: ["name", "quantity", "unit", "unit_price"], 5: ["name", "quantity", "unit", "unit_price", "tax"] };
let made = 0;

const gridOf = (element) => element.closest("[data-lines]");
const rowsOf = (grid) => [...grid.querySelectorAll("[data-line]")];
const cell = (row, name) => row.querySelector(`[data-name="${name}"]`);
const isBlank = (row) => !["name", "description", "unit_price"].some((name) => cell(row, name)?.value.trim());

function fresh(grid) {
  made += 1;
  const html = grid.querySelector("template[data-blank]").innerHTML.replaceAll("__key__", `n${Date.now().toString(36)}${made}`);
  const holder = document.createElement("tbody");
  holder.innerHTML = html;
  return holder.firstElementChild;
}

function number(grid) {
  rowsOf(grid).forEach((row, index) => {
    for (const field of row.querySelectorAll("[data-label]")) field.setAttribute("aria-label", field.dataset.label.replace("{}", index + 1));
  });
}

function keepBlank(grid) {
  const rows = rowsOf(grid);
  if (!rows.length || !isBlank(rows.at(-1))) grid.querySelector("tbody").append(fresh(grid));
  number(grid);
}

function changed(grid) {
  keepBlank(grid);
  grid.dispatchEvent(new Event("change", { bubbles: true }));
}

function next(row) {
  const after = row.nextElementSibling;
  if (after?.matches("[data-line]") && isBlank(after)) return cell(after, "name").focus();
  const made = fresh(gridOf(row));
  row.after(made);
  number(gridOf(row));
  cell(made, "name").focus();
}

function copy(row) {
  const twin = fresh(gridOf(row));
  for (const field of row.querySelectorAll("[data-name]")) {
    const target = cell(twin, field.dataset.name);
    if (target) target.value = field.value;
  }
  row.after(twin);
  cell(twin, "name").focus();
  changed(gridOf(row));
}

function shift(row, up, field) {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other?.matches("[data-line]")) return;
  if (up) other.before(row);
  else other.after(row);
  field.focus();
  changed(gridOf(row));
}

function walk(row, field, up) {
  const rows = rowsOf(gridOf(row));
  const other = rows[rows.indexOf(row) + (up ? -1 : 1)];
  if (other) cell(other, field.dataset.name)?.focus();
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-line]");
  const field = event.target;
  if (!row || !field.dataset.name) return;
  const up = event.key === "ArrowUp";
  const arrow = up || event.key === "ArrowDown";
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && !command) next(row);
  else if (arrow && event.altKey) shift(row, up, field);
  else if (arrow && field.tagName !== "SELECT") walk(row, field, up);
  else if (command && event.key.toLowerCase() === "d") copy(row);
  else return;
  event.preventDefault();
});

document.addEventListener("input", (event) => {
  const row = event.target.closest?.("[data-line]");
  if (row && !row.nextElementSibling?.matches("[data-line]")) keepBlank(gridOf(row));
});

document.addEventListener("paste", (event) => {
  const row = event.target.closest?.("[data-line]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!row || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const grid = gridOf(row);
  let at = row;
  for (const [index, source] of text.trim().split(/\r?\n/).entries()) {
    if (index || !isBlank(at)) { const made = fresh(grid); at.after(made); at = made; }
    const values = source.split("\t");
    const names = COLUMNS[Math.min(values.length, 5)];
    names.forEach((name, column) => { const target = cell(at, name); if (target) target.value = values[column].trim(); });
  }
  changed(grid);
  cell(at, "name").focus();
});

act("add-line", (element, event) => {
  event.preventDefault();
  const grid = gridOf(element);
  keepBlank(grid);
  cell(rowsOf(grid).at(-1), "name").focus();
});

act("remove-line", (element) => {
  const row = element.closest("[data-line]");
  const grid = gridOf(row);
  const beside = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  changed(grid);
  if (beside?.isConnected) cell(beside, "name").focus();
});

// The handle drags; Alt+arrows do the same without a pointer.
let dragged = null;
document.addEventListener("dragstart", (event) => {
  if (event.target.matches?.("[data-line] .grip")) dragged = event.target.closest("[data-line]");
});
document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest?.("[data-line]");
  if (!over || over === dragged || gridOf(over) !== gridOf(dragged)) return;
  event.preventDefault();
  const middle = over.getBoundingClientRect().top + over.offsetHeight / 2;
  if (event.clientY < middle) over.before(dragged);
  else over.after(dragged);
});
document.addEventListener("dragend", () => { if (dragged) changed(gridOf(dragged)); dragged = null; });

document.querySelectorAll("[data-lines]").forEach(keepBlank);
