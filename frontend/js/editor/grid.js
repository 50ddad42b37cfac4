// The line grid: Tab walks item, quantity, unit, price, VAT; Enter makes the next line; Alt+arrows move, Ctrl+D copies, rows are pasted.
import { cell, changed, form, fresh, grid, isBlank, keepBlank, number, rowsOf } from "./form.js";
import { read, shown } from "./numbers.js";
import { note } from "./undo.js";

const COLUMNS = {
  1: ["name"], 2: ["name", "unit_price"], 3: ["name", "quantity", "unit_price"],
  4: ["name", "quantity", "unit", "unit_price"], 5: ["name", "quantity", "unit", "unit_price", "tax"],
  6: ["name", "description", "quantity", "unit", "unit_price", "tax"],
};
const NUMBERS = ["quantity", "unit_price"];
const mark = () => form.dataset.decimal;
const places = () => Number(document.getElementById("totals").dataset.places);
const menu = document.getElementById("line-menu");
let menuRow = null;

/** Look at the item of a row, or of the empty last one. */
export function findItem(row) {
  const target = row ?? rowsOf().at(-1);
  const name = cell(target, "name");
  name.focus();
  if (!name.value) name.dispatchEvent(new Event("input", { bubbles: true }));
}

export function focusLines() {
  cell(rowsOf().find(isBlank) ?? rowsOf().at(-1), "name").focus();
}

function next(row) {
  if (isBlank(row) && !row.nextElementSibling?.matches("[data-line]")) return form.elements.message.focus();
  const after = row.nextElementSibling;
  if (after?.matches("[data-line]") && isBlank(after)) return cell(after, "name").focus();
  const made = fresh();
  row.after(made);
  number();
  return cell(made, "name").focus();
}

function copy(row) {
  note();
  const twin = fresh();
  for (const one of row.querySelectorAll("[data-name]")) cell(twin, one.dataset.name).value = one.value;
  if (row.querySelector("details.extras").open) twin.querySelector("details.extras").open = true;
  takeTax(twin, row);
  row.after(twin);
  number();
  cell(twin, "name").focus();
  changed("copy");
}

// The tax that the server found for one row is the best guess for its copy, until it answers.
function takeTax(to, from) {
  const [mine, theirs] = [to, from].map((row) => row.querySelector(".w-amount .cell"));
  for (const name of ["rate", "category", "auto", "for"]) mine.dataset[name] = theirs.dataset[name] ?? "";
}

function shift(row, up, at) {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other?.matches("[data-line]") || (!up && isBlank(other))) return;
  note();
  if (up) other.before(row);
  else other.after(row);
  number();
  at.focus();
  changed("move");
}

function remove(row) {
  note();
  const beside = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  keepBlank();
  number();
  cell(beside?.isConnected ? beside : rowsOf().at(-1), "name").focus();
  changed("remove");
}

function extras(row) {
  const details = row.querySelector("details.extras");
  details.open = true;
  cell(row, "discount").focus();
}

function walk(row, at, up) {
  const name = at.dataset.name;
  if (name === "name" && !up) return cell(row, "description").focus();
  if (name === "description" && up) return cell(row, "name").focus();
  const rows = rowsOf();
  const other = rows[rows.indexOf(row) + (up ? -1 : 1)];
  const wanted = name === "name" ? "description" : name === "description" ? "name" : name;
  if (other) (up || wanted !== "description" ? cell(other, up && name === "name" ? "description" : wanted) : cell(other, "name"))?.focus();
  return undefined;
}

function tab(row, at, back) {
  const name = at.dataset.name;
  if (!back && name === "name") { cell(row, "quantity").focus(); return true; }
  if (back && name === "quantity") { cell(row, "name").focus(); return true; }
  return false;
}

grid.addEventListener("keydown", (event) => {
  const at = event.target;
  const row = at.closest("[data-line]");
  if (!row || !at.dataset.name) return;
  const up = event.key === "ArrowUp";
  const arrow = up || event.key === "ArrowDown";
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && !command && !event.shiftKey) next(row);
  else if (event.key === "Tab" && !event.altKey && !command) { if (!tab(row, at, event.shiftKey)) return; }
  else if (arrow && event.altKey) shift(row, up, at);
  else if (arrow && at.tagName !== "SELECT" && !command) walk(row, at, up);
  else if (command && event.key.toLowerCase() === "d") copy(row);
  else return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "/" && !document.querySelector("dialog:modal")) {
    event.preventDefault();
    findItem(document.activeElement?.closest?.("[data-line]"));
  }
});

grid.addEventListener("input", (event) => {
  const row = event.target.closest("[data-line]");
  if (row && !row.nextElementSibling?.matches("[data-line]")) keepBlank();
});

// A chosen item counts once; a number is written as readers write it.
grid.addEventListener("change", (event) => {
  const at = event.target;
  const row = at.closest("[data-line]");
  if (!row) return;
  if (at.dataset.name === "name" && cell(row, "item").value && !cell(row, "quantity").value) cell(row, "quantity").value = "1";
  if (!NUMBERS.includes(at.dataset.name)) return;
  const plain = read(at.value, mark());
  if (plain) at.value = written(at.dataset.name, plain);
});

const written = (name, plain) => shown(plain, { decimal: mark(), group: form.dataset.group, places: name === "unit_price" ? places() : 0 });

// Rows from a spreadsheet: tab separated, quoted where a cell holds tabs or line ends.
export function parsed(text) {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const one = text[at];
    const row = rows.at(-1);
    if (quoted) {
      if (one === '"' && text[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; }
      else if (one === '"') quoted = false;
      else row[row.length - 1] += one === "\n" ? " " : one;
    } else if (one === '"' && row.at(-1) === "" && /^"(?:[^"]|"")*"(?:\t|\r?\n|$)/.test(text.slice(at))) quoted = true;
    else if (one === "\t") row.push("");
    else if (one === "\n") rows.push([""]);
    else if (one !== "\r") row[row.length - 1] += one;
  }
  return rows.map((row) => row.map((one) => one.trim())).filter((row) => row.some(Boolean));
}

const isNumber = (text) => { const found = read(text, mark()); return found !== null && found !== ""; };

function columnsOf(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  let names = COLUMNS[Math.min(width, 6)];
  const body = rows.length > 1 ? rows.slice(1) : rows;
  if (width === 4 && body.every((row) => isNumber(row[1] ?? "") && isNumber(row[2] ?? "") && isNumber(row[3] ?? ""))) names = ["name", "quantity", "unit_price", ""];
  if (width === 3 && body.every((row) => !isNumber(row[1] ?? ""))) names = ["name", "description", "unit_price"];
  return names;
}

function choose(select, text) {
  const wanted = text.toLowerCase().replace(/\.$/, "");
  const known = { h: "HUR", hrs: "HUR", hours: "HUR", std: "HUR", stunden: "HUR", pcs: "C62", pc: "C62", stk: "C62", st: "C62", d: "DAY", days: "DAY", tage: "DAY" };
  const options = [...select.options];
  const plain = (option) => option.textContent.trim().toLowerCase();
  const found = options.find((option) => option.value.toLowerCase() === wanted || plain(option) === wanted)
    ?? options.find((option) => option.value === known[wanted])
    ?? (/\d/.test(wanted) ? options.find((option) => option.value && plain(option).replace(/\s/g, "") === `${wanted.replace(/[%\s]/g, "")}%`) : undefined);
  if (found) select.value = found.value;
}

function fill(row, values, names) {
  names.forEach((name, column) => {
    const text = values[column] ?? "";
    const target = name && text && cell(row, name);
    if (!target) return;
    if (target.tagName === "SELECT") choose(target, text);
    else if (NUMBERS.includes(name)) { const plain = read(text.replace(/[€$£]|[A-Z]{3}/g, ""), mark()); target.value = plain ? written(name, plain) : text; }
    else target.value = text;
  });
}

grid.addEventListener("paste", (event) => {
  const row = event.target.closest("[data-line]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!row || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  note();
  let rows = parsed(text);
  const names = columnsOf(rows);
  const price = names.indexOf("unit_price");
  if (rows.length > 1 && price > 0 && !isNumber(rows[0][price] ?? "") && rows.slice(1).every((one) => isNumber(one[price] ?? ""))) rows = rows.slice(1);
  let at = row;
  rows.forEach((values, index) => {
    if (index || !isBlank(at)) { const made = fresh(); takeTax(made, at); at.after(made); at = made; }
    fill(at, values, names);
  });
  keepBlank();
  number();
  cell(at.nextElementSibling ?? at, "name").focus();
  changed("paste");
});

// The row's menu is one for all rows.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.('[data-edit="line-menu"]');
  if (button) {
    menuRow = button.closest("[data-line]");
    const at = button.getBoundingClientRect();
    menu.showPopover();
    menu.classList.add("placed");
    const rightToLeft = getComputedStyle(button).direction === "rtl";
    const start = rightToLeft ? at.left : at.right - menu.offsetWidth;
    menu.style.left = `${Math.max(8, Math.min(start, innerWidth - menu.offsetWidth - 8))}px`;
    menu.style.top = `${at.bottom + 4 + menu.offsetHeight <= innerHeight ? at.bottom + 4 : at.top - 4 - menu.offsetHeight}px`;
    menu.querySelector("button").focus();
    return;
  }
  const act = event.target.closest?.("[data-line-act]")?.dataset.lineAct;
  if (!act || !menuRow?.isConnected) return;
  menu.hidePopover();
  const name = cell(menuRow, "name");
  ({ extras: () => extras(menuRow), copy: () => copy(menuRow), up: () => shift(menuRow, true, name), down: () => shift(menuRow, false, name), remove: () => remove(menuRow) })[act]?.();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-edit]");
  if (button?.dataset.edit === "add-line") { event.preventDefault(); keepBlank(); focusLines(); }
  if (button?.dataset.edit === "items") findItem(null);
});

// The handle drags; Alt+arrows and the menu do the same without a pointer.
let dragged = null;
grid.addEventListener("dragstart", (event) => {
  if (!event.target.matches?.(".grip")) return;
  note();
  dragged = event.target.closest("[data-line]");
  event.dataTransfer?.setDragImage?.(dragged, 10, 10);
});
grid.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest?.("[data-line]");
  if (!over || over === dragged) return;
  event.preventDefault();
  const middle = over.getBoundingClientRect().top + over.offsetHeight / 2;
  if (event.clientY < middle) over.before(dragged);
  else if (!isBlank(over)) over.after(dragged);
});
grid.addEventListener("dragend", () => { if (dragged) { number(); changed("move"); } dragged = null; });

// Esc in a field closes its list and stays; it does not leave the editor.
form.addEventListener("keydown", (event) => { if (event.key === "Escape" && event.target.matches("input, textarea, select")) event.stopPropagation(); });

// In the head of the form Enter goes on to the next field; it never sends the form.
form.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (!at.matches("input:not([type=checkbox])") || at.closest("[data-line]")) return;
  event.preventDefault();
  if (at.name === "client_email") focusLines();
  else [...form.elements].slice([...form.elements].indexOf(at) + 1).find((one) => one.matches("input:not([type=hidden]), select, textarea") && one.checkVisibility?.())?.focus();
});

