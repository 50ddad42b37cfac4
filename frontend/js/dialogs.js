// Native dialogs: data-do="dialog" opens the one named by data-target; a link stays a link without script.
import { act } from "./act.js";

export function open(dialog) {
  if (!dialog) return;
  if (dialog.open) dialog.close();
  dialog.showModal();
}

act("dialog", (element, event) => {
  const dialog = document.getElementById(element.dataset.target);
  if (!dialog) return;
  event.preventDefault();
  open(dialog);
});

act("close", (element, event) => {
  const dialog = element.closest("dialog");
  if (!dialog) return;
  event.preventDefault();
  dialog.close();
});

// A click on the scrim closes what is not final.
document.addEventListener("click", (event) => {
  if (event.target.matches("dialog[data-light]")) event.target.close();
});

// A dialog that the server rendered open becomes a modal one.
document.querySelectorAll("dialog[open]").forEach(open);
