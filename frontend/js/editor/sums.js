// Sums of a paper as kernel/totals makes them: whole minor units as BigInt, every rounding half away from zero. No imports.
const ten = (power) => 10n ** BigInt(power);
const abs = (value) => (value < 0n ? -value : value);

// A plain decimal as [digits, scale].
function decimal(text) {
  const [whole, rest = ""] = String(text || "0").split(".");
  return [BigInt(whole + rest), rest.length];
}

/** top ÷ under (> 0), ties away from zero. */
export function quotient(top, under) {
  return top < 0n ? -((-2n * top + under) / (2n * under)) : (2n * top + under) / (2n * under);
}

function percentOf(minor, percent) {
  const [digits, scale] = decimal(percent);
  return quotient(minor * digits, 100n * ten(scale));
}

function minorOf(amount, places) {
  const [digits, scale] = decimal(amount);
  return scale <= places ? digits * ten(places - scale) : quotient(digits, ten(scale - places));
}

const levelOn = (level, base, places) => (level.percent !== undefined ? percentOf(base, level.percent) : minorOf(level.amount, places));

function lineAmount(line, places) {
  const [quantity, first] = decimal(line.quantity === "" ? "1" : line.quantity);
  const [price, second] = decimal(line.price);
  let top = quantity * price * ten(places);
  const under = ten(first + second);
  const base = quotient(top, under);
  if (!line.discount) return base;
  top -= levelOn(line.discount, base, places) * under;
  return quotient(top, under);
}

function groupOf(groups, tax) {
  const rate = tax.category === "O" ? "" : tax.rate || "0";
  const key = `${tax.category}-${rate}`;
  let group = groups.get(key);
  if (!group) {
    const [digits, scale] = decimal(rate);
    group = { key, category: tax.category, rate, top: digits, under: ten(scale) * 100n, taxable: 0n, other: 0n, byLine: 0n, inclusive: [] };
    groups.set(key, group);
  }
  return group;
}

const taxOn = (group, minor) => (group.top ? quotient(minor * group.top, group.under) : 0n);

function add(group, minor) {
  group.taxable += minor;
  group.other += minor;
}

function takeTaxOut(group, nets) {
  const [over, under] = [group.under, group.under + group.top];
  const whole = quotient(group.inclusive.reduce((sum, [, amount]) => sum + amount, 0n) * over, under);
  const shares = group.inclusive.map(([, amount]) => quotient(amount * over, under));
  const missing = whole - shares.reduce((sum, share) => sum + share, 0n);
  const step = missing > 0n ? 1n : -1n;
  const favour = shares.map((share, index) => [step * (share * under - group.inclusive[index][1] * over), index]);
  favour.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]));
  for (const [, index] of favour.slice(0, Number(abs(missing)))) shares[index] += step;
  group.inclusive.forEach(([line], index) => { nets[line] = shares[index]; });
  group.taxable += whole;
}

/** Split by weights so that the parts add up; the largest remainder comes first. */
export function allocate(minor, weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  const size = abs(minor);
  const parts = weights.map((weight) => (size * weight) / total);
  const order = weights.map((weight, index) => ({ index, weight, rest: (size * weight) % total }));
  order.sort((a, b) => (a.rest !== b.rest ? (a.rest < b.rest ? 1 : -1) : a.weight !== b.weight ? (a.weight < b.weight ? 1 : -1) : a.index - b.index));
  let left = size - parts.reduce((sum, part) => sum + part, 0n);
  for (const { index } of order) { if (!left) break; parts[index] += 1n; left -= 1n; }
  return minor < 0n ? parts.map((part) => -part) : parts;
}

function ofDocument(level, sign, groups, bases, places) {
  if (!level || !bases.length) return 0n;
  const base = bases.reduce((sum, [, net]) => sum + net, 0n);
  const amount = levelOn(level, base, places);
  const weights = bases.map(([, net]) => (net > 0n ? net : 0n));
  if (!weights.some(Boolean)) weights[0] = 1n;
  const shares = allocate(amount, weights);
  bases.forEach(([key], index) => {
    if (!weights[index]) return;
    const group = groups.get(key);
    add(group, sign * shares[index]);
    group.byLine += taxOn(group, sign * shares[index]);
  });
  return amount;
}

/** paper: {places, byLine, lines: [{quantity, price, rate, category, inclusive, discount}], discount, charge, prepaid}; a level is {percent} or {amount}. */
export function calculate(paper) {
  const groups = new Map();
  const nets = paper.lines.map((line, index) => {
    const group = groupOf(groups, line);
    const amount = lineAmount(line, paper.places);
    if (line.inclusive && paper.byLine) {
      const net = quotient(amount * group.under, group.under + group.top);
      group.taxable += net;
      group.byLine += amount - net;
      return net;
    }
    if (line.inclusive) { group.inclusive.push([index, amount]); return amount; }
    add(group, amount);
    group.byLine += taxOn(group, amount);
    return amount;
  });
  const all = [...groups.values()];
  for (const group of all) if (group.inclusive.length) takeTaxOut(group, nets);
  const bases = all.map((group) => [group.key, group.taxable]);
  const less = ofDocument(paper.discount, -1n, groups, bases, paper.places);
  const more = ofDocument(paper.charge, 1n, groups, bases, paper.places);
  const subtotal = nets.reduce((sum, net) => sum + net, 0n);
  const taxes = all.map((group) => ({ category: group.category, rate: group.rate || "0", taxable: group.taxable, tax: paper.byLine ? group.byLine : taxOn(group, group.taxable) }));
  const tax = taxes.reduce((sum, one) => sum + one.tax, 0n);
  const typed = paper.byLine ? 0n : all.reduce((sum, group) => sum + excess(group), 0n);
  const gross = subtotal - less + more + tax;
  const prepaid = paper.prepaid ?? 0n;
  return { nets, subtotal, discount: less, charges: more, taxes, tax, gross, rounding: typed, due: gross - prepaid + typed };
}

function excess(group) {
  if (!group.inclusive.length) return 0n;
  const typed = group.inclusive.reduce((sum, [, amount]) => sum + amount, 0n) + group.other + taxOn(group, group.other);
  return typed - group.taxable - taxOn(group, group.taxable);
}
