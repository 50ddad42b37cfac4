// Sums at once: what the server will say, reckoned here and marked as an estimate until it has said it.
import { cell, field, form, isBlank, rowsOf } from "./form.js";
import { read, shown } from "./numbers.js";
import { calculate } from "./sums.js";

const known = new WeakMap();
const cells = new WeakMap();
const totals = () => document.getElementById("totals");
const mark = () => form.dataset.decimal;

function levelOf(text, unit) {
  const plain = read(text ?? "", mark());
  if (!plain || plain === "0") return null;
  return text.trim().endsWith("%") || unit === "%" ? { percent: plain } : { amount: plain };
}

// A row's own part of the sum; null while it is no line yet.
function lineOf(row) {
  if (isBlank(row)) return null;
  const amount = row.querySelector(".w-amount .cell");
  const typed = cell(row, "unit_price").value.trim();
  const price = typed ? read(typed, mark()) : amount.dataset.price || null;
  const quantity = read(cell(row, "quantity").value, mark());
  const named = cell(row, "name").value.trim() || cell(row, "description").value.trim() || cell(row, "item").value;
  if (!named || !price || price.startsWith("-") || quantity === null) return null;
  const { rate, category } = taxOf(row, amount);
  const inclusive = !typed && "inclusive" in amount.dataset;
  return { quantity, price, rate, category, inclusive, discount: levelOf(cell(row, "discount").value, cell(row, "discount_unit").value) };
}

// The server's last word on the same choice; else what the chosen option says, or what a neighbour's rules found.
function taxOf(row, amount) {
  const select = cell(row, "tax");
  if (amount.dataset.category && amount.dataset.for === select.value) return amount.dataset;
  const same = rowsOf().map((one) => [cell(one, "tax"), one.querySelector(".w-amount .cell")]).find(([tax, other]) => tax.value === select.value && other.dataset.category && other.dataset.for === tax.value);
  if (same) return same[1].dataset;
  const rate = read((select.selectedOptions[0]?.textContent ?? "").replace(/%.*/, ""), mark());
  return rate ? { rate, category: rate === "0" ? "Z" : "S" } : { rate: "0", category: "Z" };
}

/** Forget what is known of a row, since something was typed into it. */
export function forget(row) {
  if (row) known.delete(row);
}

function cached(row) {
  if (!known.has(row)) known.set(row, lineOf(row));
  return known.get(row);
}

/** What is typed, as sums.js takes it, and the rows of its lines. */
export function paper() {
  const rows = rowsOf().filter(cached);
  const given = (name) => field(name)?.value ?? "";
  return {
    rows,
    paper: {
      places: Number(totals().dataset.places),
      byLine: totals().dataset.rounding === "line",
      lines: rows.map(cached),
      discount: levelOf(given("discount"), given("discount_unit")),
      charge: levelOf(given("charge"), ""),
      prepaid: BigInt(totals().dataset.prepaid || "0"),
    },
  };
}

function plain(minor, places) {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, "0");
  const text = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
  return minor < 0n ? `-${text}` : text;
}

function words(minor) {
  const places = Number(totals().dataset.places);
  const text = shown(plain(minor < 0n ? -minor : minor, places), { decimal: mark(), group: form.dataset.group, places });
  return [text, minor < 0n];
}

const bare = (minor) => { const [text, below] = words(minor); return below ? `\u2212${text}` : text; };
const money = (minor) => { const [text, below] = words(minor); const whole = totals().dataset.money.replace("{}", text); return below ? `\u2212${whole}` : whole; };

let written = new WeakMap();

/** The server has spoken: what was written here counts no more. */
export function settled() {
  written = new WeakMap();
}

function write(element, text) {
  if (!element || written.get(element) === text) return;
  written.set(element, text);
  if (element.textContent.trim() === text) return;
  element.textContent = text;
  element.classList.add("estimate");
}

function rowFor(code, label) {
  const found = totals().querySelector(`[data-row="${CSS.escape(code)}"]`);
  if (found || !label) return found;
  const row = totals().firstElementChild.cloneNode(true);
  row.dataset.row = code;
  row.classList.remove("total");
  row.firstElementChild.textContent = label;
  const last = totals().querySelector(".total");
  const rank = { subtotal: 0, discount: 1, charges: 2 }[code] ?? 3;
  const after = [...totals().children].find((one) => one === last || ({ subtotal: 0, discount: 1, charges: 2 }[one.dataset.row] ?? 3) > rank || one.dataset.row === "gross");
  totals().insertBefore(row, after ?? null);
  return row;
}

function line(code, minor, label) {
  const row = rowFor(code, minor ? label : "");
  if (row) write(row.querySelector("bdi, .num:last-child") ?? row.lastElementChild, money(minor));
}

/** Show the sums of what is typed. */
export function estimate() {
  const box = totals();
  if (!box || box.dataset.opaque) return null;
  const { rows, paper: given } = paper();
  const sums = calculate(given);
  const amounts = new Map(rows.map((row, index) => [row, sums.nets[index]]));
  for (const row of rowsOf()) {
    if (!cells.has(row)) cells.set(row, row.querySelector(".w-amount .cell"));
    write(cells.get(row), amounts.has(row) ? bare(amounts.get(row)) : "");
  }
  line("subtotal", sums.subtotal, rows.length ? box.dataset.subtotal : "");
  line("discount", -sums.discount, box.dataset.discount);
  line("charges", sums.charges, box.dataset.charges);
  const codes = new Set(sums.taxes.map((one) => `tax-${one.category}-${one.rate}`));
  for (const row of box.querySelectorAll('[data-row^="tax-"]')) if (!codes.has(row.dataset.row)) row.remove();
  const several = sums.taxes.length > 1;
  for (const one of sums.taxes) {
    const code = `tax-${one.category}-${one.rate}`;
    const label = box.dataset.vat.replace("{}", shown(one.rate, { decimal: mark(), group: form.dataset.group }));
    const row = rowFor(code, label);
    write(row?.querySelector("bdi, .num:last-child"), money(one.tax));
    const hint = row?.querySelector("[data-hint]");
    if (hint && several) write(hint, money(one.taxable));
  }
  line("gross", sums.gross);
  line("due", sums.due);
  return sums;
}
