// Reports: Ctrl+E opens the files that the page can be taken away as; days send themselves once they are read.
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "e") return;
  const link = document.querySelector("[data-export]");
  if (!link || document.querySelector("dialog:modal")) return;
  event.preventDefault();
  const menu = link.closest("[popover]");
  if (!menu) { link.click(); return; }
  document.querySelector(`[popovertarget="${menu.id}"]`)?.click();
  requestAnimationFrame(() => link.focus());
});
