// The editor of invoices and quotes; loaded on its pages only.
import { field, form, keepBlank } from "./editor/form.js";
import "./editor/undo.js";
import "./editor/grid.js";
import "./editor/figures.js";
import "./editor/review.js";
import "./editor/draft.js";
import "./editor/client.js";

// Fields that only one choice of another needs.
for (const box of form.querySelectorAll("[data-shown-by]")) {
  const choice = document.getElementById(box.dataset.shownBy);
  choice?.addEventListener("change", () => {
    box.hidden = choice.value !== box.dataset.shownFor;
    if (!box.hidden) box.querySelector("input")?.focus();
  });
}

keepBlank();
if (field("client_name").matches("[autofocus]")) field("client_name").focus();
