// Numbers as people type them: 1.234,50, 1,234.50, 1 234,5 and 3*85; the same rules as drafting/numbers.py. No imports, no floats.
const BLANKS = /[\s\u00a0\u202f'’]/g;
const SIGNS = { "\u2212": "-", "×": "*", x: "*", X: "*", "·": "*", "÷": "/", ":": "/" };
const TOKEN = /(?:\d[\d.,]*|[.,]\d+)|[-+*/()]/g;
const GROUPED = /^[1-9]\d{0,2}([.,]\d{3})+$/;
const PLACES = 6;
const ten = (power) => 10n ** BigInt(power);
const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a < 0n ? -a : a; };

class NotANumber extends Error {}

const western = (text) => text.replace(/\p{Nd}/gu, (one) => {
  const code = one.codePointAt(0);
  if (code < 128) return one;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero -= 1;
  return String(code - zero);
});

function splitAt(text, place) {
  const whole = text.slice(0, place).replace(/[.,]/g, "") || "0";
  const rest = text.slice(place + 1);
  return rest ? `${whole}.${rest}` : whole;
}

function single(text, mark) {
  const count = (sign) => text.split(sign).length - 1;
  const [point, comma] = [count("."), count(",")];
  if (point && comma) {
    const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
    if (count(text[last]) > 1) throw new NotANumber();
    return splitAt(text, last);
  }
  if (!point && !comma) return text;
  const used = point ? "." : ",";
  if (point + comma > 1) {
    if (!GROUPED.test(text)) throw new NotANumber();
    return text.replaceAll(used, "");
  }
  if (GROUPED.test(text) && used !== mark) return text.replaceAll(used, "");
  return splitAt(text, text.lastIndexOf(used));
}

// Fractions [top, under] with under > 0.
function exact(text) {
  const [whole, rest = ""] = text.split(".");
  return [BigInt(whole + rest), ten(rest.length)];
}

function formula(text, mark) {
  const tokens = text.match(TOKEN) ?? [];
  if (tokens.join("") !== text) throw new NotANumber();
  let at = 0;
  const peek = () => tokens[at] ?? "";
  const take = () => tokens[at++] ?? "";
  const sum = () => {
    let found = product();
    while (peek() === "+" || peek() === "-") {
      const sign = take() === "+" ? 1n : -1n;
      const [top, under] = product();
      found = [found[0] * under + sign * top * found[1], found[1] * under];
    }
    return found;
  };
  const product = () => {
    let found = factor();
    while (peek() === "*" || peek() === "/") {
      const times = take() === "*";
      let [top, under] = factor();
      if (!times) {
        if (!top) throw new NotANumber();
        [top, under] = top < 0n ? [-under, -top] : [under, top];
      }
      found = [found[0] * top, found[1] * under];
    }
    return found;
  };
  const factor = () => {
    const token = take();
    if (token === "-" || token === "+") {
      const [top, under] = factor();
      return [token === "-" ? -top : top, under];
    }
    if (token === "(") {
      const found = sum();
      if (take() !== ")") throw new NotANumber();
      return found;
    }
    if (!/^(\d[\d.,]*|[.,]\d+)$/.test(token)) throw new NotANumber();
    return exact(single(token, mark));
  };
  const found = sum();
  if (at !== tokens.length) throw new NotANumber();
  return found;
}

function written([top, under]) {
  const part = gcd(top, under) || 1n;
  [top, under] = [top / part, under / part];
  const scaled = (top < 0n ? -top : top) * ten(PLACES);
  const whole = (2n * scaled + under) / (2n * under);
  const digits = whole.toString().padStart(PLACES + 1, "0");
  const rest = digits.slice(-PLACES).replace(/0+$/, "");
  const text = digits.slice(0, -PLACES) + (rest ? `.${rest}` : "");
  return top < 0n && whole ? `-${text}` : text;
}

/** A plain decimal for what was typed, "" for nothing, null for what is no number. */
export function read(text, mark = ".") {
  const plain = western(text.replace(BLANKS, "").replace(/[\u2212×xX·÷:]/g, (one) => SIGNS[one]).replace(/%+$/, "").replace(/^=/, ""));
  if (!plain) return "";
  if (plain.length > 80) return null;
  try { return written(formula(plain, mark)); } catch (error) { if (error instanceof NotANumber) return null; throw error; }
}

/** A plain decimal as a reader writes it. */
export function shown(plain, { decimal = ".", group = ",", places = 0 } = {}) {
  if (!/^-?\d+(\.\d+)?$/.test(plain)) return plain;
  const [whole, rest = ""] = plain.replace(/^-/, "").split(".");
  const grouped = whole.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, group);
  const end = rest.replace(/0+$/, "").padEnd(places, "0");
  return `${plain.startsWith("-") ? "-" : ""}${grouped}${end ? decimal + end : ""}`;
}
