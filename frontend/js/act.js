// One listener for clicks: an element with data-do="name" runs the act of that name.
const acts = new Map();

/** Register `run(element, event)` for data-do="name". */
export function act(name, run) {
  acts.set(name, run);
}

export function listen() {
  document.addEventListener("click", (event) => {
    const element = event.target.closest("[data-do]");
    const run = element && acts.get(element.dataset.do);
    if (run) run(element, event);
  });
}

/** Whether keys belong to a field now, so that single-key shortcuts must rest. */
export function typing(event) {
  return Boolean(event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));
}

/** Read from and write to the browser's storage where it is allowed. */
export const kept = {
  get(name) { try { return localStorage.getItem(`guilder.${name}`); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(`guilder.${name}`, value); } catch { /* storage is off */ } },
};

/** The same for this tab only, as values of any shape. */
export const remembered = {
  get(name) { try { return JSON.parse(sessionStorage.getItem(`guilder.${name}`)); } catch { return null; } },
  set(name, value) { try { sessionStorage.setItem(`guilder.${name}`, JSON.stringify(value)); } catch { /* storage is off */ } },
};
