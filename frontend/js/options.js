// Long choices that many pages have (countries, currencies, time zones): fetched once, kept by the browser, put in here.
// The page's own choices (data-top) stay on top; so does what is chosen and is not among the others.
const fetched = new Map();

function options(address) {
  if (!fetched.has(address)) {
    fetched.set(address, fetch(address).then((answer) => (answer.ok && !answer.redirected ? answer.text() : "")).catch(() => ""));
  }
  return fetched.get(address);
}

async function fill(select) {
  const address = select.dataset.options;
  const holder = document.createElement("template");
  holder.innerHTML = await options(address);
  const found = [...holder.content.children];
  if (!found.length || select.dataset.options !== address) { fetched.delete(address); return; }
  const [now, known] = [select.value, new Set(found.map((one) => one.value))];
  const own = [...select.options].filter((one) => "top" in one.dataset || !known.has(one.value));
  const first = [...select.options].find((one) => one.defaultSelected)?.value;
  const taken = new Set(own.map((one) => one.value));
  const rest = found.filter((one) => !taken.has(one.value));
  for (const one of rest) one.defaultSelected = one.value === first;
  delete select.dataset.options;
  select.replaceChildren(...own, ...rest);
  select.value = now;
}

const late = (part) => Promise.all([...part.querySelectorAll("select[data-options]:enabled")].map(fill));

/** Done when the selects of the page have all their choices. */
export const filled = late(document);

document.addEventListener("htmx:afterSettle", () => late(document));
