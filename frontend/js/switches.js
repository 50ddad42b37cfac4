// Theme, copy, print, and filters that send themselves.
import { act, kept } from "./act.js";
import { toast } from "./messages.js";

act("theme", () => {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  kept.set("theme", root.dataset.theme);
});

act("copy", async (element) => {
  await navigator.clipboard.writeText(element.dataset.copy);
  toast(element.dataset.done ?? "");
});

act("print", () => window.print());

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-send]")) event.target.form?.requestSubmit();
});
