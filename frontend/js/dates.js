// Date fields: data-date takes 20.11., 20/11/26, 20 nov, today, +30, eom, fri, and says at once which day is meant.
// days.py reads the same on the server; one table of cases is tried on both.
import { act } from "./act.js";

const language = () => document.documentElement.lang || "en";
const DAY = 86400000;
const made = (year, month, day) => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
};
const shifted = (date, days) => new Date(date.getTime() + days * DAY);
const daysIn = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();
const iso = (date) => date.toISOString().slice(0, 10);

function later(date, months) {
  const total = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const [year, month] = [Math.floor(total / 12), (total % 12) + 1];
  return made(year, month, Math.min(date.getUTCDate(), daysIn(year, month)));
}

function names(kind, count, at) {
  const found = [];
  for (const one of [language(), "en"]) {
    for (const width of ["short", "long"]) {
      for (const more of [{}, { day: "numeric" }]) {
        const format = new Intl.DateTimeFormat(one, { [kind]: width, timeZone: "UTC", ...(kind === "month" ? more : {}) });
        for (let index = 0; index < count; index += 1) {
          const part = format.formatToParts(at(index)).find((piece) => piece.type === kind);
          found.push([index, part.value.toLowerCase().replace(/\.$/, "")]);
        }
      }
    }
  }
  return found;
}

const months = () => names("month", 12, (index) => new Date(Date.UTC(2026, index, 15)));
const weekdays = () => names("weekday", 7, (index) => new Date(Date.UTC(2026, 10, 16 + index)));

function place(text, list) {
  const fitting = new Set(list.filter(([, name]) => text.length >= 2 && name.startsWith(text)).map(([index]) => index));
  return fitting.size === 1 ? [...fitting][0] : -1;
}

function inYear(year, month, day, today) {
  if (year) return made(Number(year) + (year.length === 2 ? 2000 : 0), month, day);
  const near = [-1, 0, 1].map((step) => made(today.getUTCFullYear() + step, month, day)).filter(Boolean);
  return near.sort((a, b) => Math.abs(a - today) - Math.abs(b - today))[0] ?? null;
}

function relative(found, base) {
  const count = Number(found[2]) * (found[1] === "+" ? 1 : -1);
  if (found[3] === "m" || found[3] === "y") return later(base, count * (found[3] === "y" ? 12 : 1));
  return shifted(base, count * (found[3] === "w" ? 7 : 1));
}

function named(text, today) {
  const plain = text.replace(/(?<=\d)(?:st|nd|rd|th)\b|\b(?:de|del|of|van)\b/g, " ").replace(/\s+/g, " ").trim();
  let found = plain.match(/^(\d{1,2})[. ]?\s*(\p{L}{2,})\.?,?\s*(\d{4}|\d{2})?$/u);
  let [day, name] = found ? [found[1], found[2]] : [];
  if (!found) { found = plain.match(/^(\p{L}{2,})\.?\s*(\d{1,2}),?\s*(\d{4}|\d{2})?$/u); [name, day] = found ? [found[1], found[2]] : []; }
  const month = found ? place(name, months()) : -1;
  return month < 0 ? null : inYear(found[3], month + 1, Number(day), today);
}

function numeric(text, today, base) {
  if (/^\d{1,2}\.?$/.test(text)) return made(base.getUTCFullYear(), base.getUTCMonth() + 1, Number.parseInt(text, 10));
  const found = text.match(/^(\d{1,2})[./\- ](\d{1,2})(?:[./\- ](\d{4}|\d{2})?)?$/);
  if (!found) return null;
  let [day, month] = [Number(found[1]), Number(found[2])];
  if (language().toLowerCase() === "en-us") [day, month] = [month, day];
  if (month > 12 && day <= 12) [day, month] = [month, day];
  return inYear(found[3], month, day, today);
}

/** The day that `text` means as a UTC midnight, or null. `words` are today, tomorrow, yesterday and eom as the page writes them. */
export function read(text, today, base = today, words = {}) {
  const plain = text.replace(/[\u200e\u200f\u061c]/g, "").replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 1632)).trim().toLowerCase().replace(/\s+/g, " ");
  if (!plain) return null;
  let found = plain.match(/^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$/);
  if (found) return made(Number(found[1]), Number(found[2]), Number(found[3]));
  const steps = { yesterday: -1, today: 0, tomorrow: 1 };
  for (const [name, step] of Object.entries(steps)) if (plain === name || plain === words[name]?.toLowerCase()) return shifted(today, step);
  if (plain === "eom" || plain === words.eom?.toLowerCase()) return made(base.getUTCFullYear(), base.getUTCMonth() + 1, daysIn(base.getUTCFullYear(), base.getUTCMonth() + 1));
  found = plain.match(/^([+\-\u2212])\s*(\d{1,4})\s*([dwmy]?)$/);
  if (found) return relative(found, base);
  const written = numeric(plain, today, base) ?? named(plain, today);
  if (written) return written;
  const weekday = place(plain.replace(/\.$/, ""), weekdays());
  if (weekday < 0) return null;
  const now = (today.getUTCDay() + 6) % 7;
  return shifted(today, ((weekday - now - 1 + 7) % 7) + 1);
}

const parsed = (text) => (text ? new Date(`${text}T00:00:00Z`) : null);
const todayOf = (field) => parsed(field.dataset.today || document.body.dataset.today) ?? parsed(iso(new Date(Date.now() - new Date().getTimezoneOffset() * 60000)));

function meant(field, seen = new Set()) {
  const today = todayOf(field);
  const other = field.dataset.from && document.getElementById(field.dataset.from);
  const base = other && !seen.has(other) ? meant(other, seen.add(field)) : null;
  return read(field.value, today, base ?? today, JSON.parse(document.body.dataset.days || "{}"));
}

const locale = () => (language() === "en" ? "en-GB" : `${language()}-u-nu-latn`);
const short = (date) => new Intl.DateTimeFormat(locale(), language() === "en" ? { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } : { dateStyle: "medium", timeZone: "UTC" }).format(date).replace("Sept", "Sep");
const long = (date) => new Intl.DateTimeFormat(locale(), { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(date);

function hintOf(field) {
  const box = field.closest(".field") ?? field.parentElement;
  let hint = box.querySelector(".day-read");
  if (!hint) {
    hint = Object.assign(document.createElement("p"), { className: "hint day-read" });
    hint.setAttribute("aria-live", "polite");
    (field.closest(".input") ?? field).after(hint);
  }
  return hint;
}

function tell(field) {
  const date = meant(field);
  const hint = hintOf(field);
  hint.textContent = date ? long(date) : "";
  hint.hidden = !date;
}

function put(field, date) {
  field.value = short(date);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

const isDay = (element) => element.matches?.("input[data-date]");
document.addEventListener("input", (event) => { if (isDay(event.target)) tell(event.target); });
// Before anybody else hears of the change, the field says which day it means.
document.addEventListener("change", (event) => {
  if (!isDay(event.target)) return;
  const date = meant(event.target);
  if (date) event.target.value = short(date);
}, true);
document.addEventListener("keydown", (event) => {
  if (!isDay(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
  const way = { ArrowUp: [1, 0], ArrowDown: [-1, 0], PageUp: [0, 1], PageDown: [0, -1] }[event.key];
  if (!way) return;
  event.preventDefault();
  const date = meant(event.target) ?? todayOf(event.target);
  put(event.target, way[1] ? later(date, way[1]) : shifted(date, way[0]));
  tell(event.target);
});

act("calendar", (button) => {
  const field = button.closest(".input").querySelector("[data-date]");
  const picker = button.nextElementSibling;
  const date = meant(field);
  picker.value = date ? iso(date) : "";
  picker.onchange = () => { if (picker.value) { put(field, parsed(picker.value)); field.focus(); } };
  picker.showPicker?.();
});

const show = (root) => root.querySelectorAll?.(".calendar[hidden]").forEach((one) => { one.hidden = !HTMLInputElement.prototype.showPicker; });
show(document);
document.addEventListener("htmx:afterSettle", (event) => show(event.target));
