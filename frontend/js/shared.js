// What no page changes (palette, key sheet, dialogs of the session) comes once and is kept by the browser.
// Modules that work on it wait for `shared`.
import htmx from "htmx.org/dist/htmx.esm.js";

const place = document.querySelector("[data-shared]");

async function put() {
  const answer = await fetch(place.dataset.shared).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  place.insertAdjacentHTML("beforebegin", await answer.text());
  document.querySelectorAll("#palette, #keys, #session-ending, #sign-in-again").forEach((one) => htmx.process(one));
  place.remove();
}

/** Done when the pieces are in the page, or known not to come. */
export const shared = place ? put() : Promise.resolve();
