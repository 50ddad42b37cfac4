// The palette: pages and acts filtered at once, documents and clients asked from the server by htmx.
const dialog = document.getElementById("palette");
const field = dialog?.querySelector("input");
const options = () => [...dialog.querySelectorAll("a[role=option]")].filter((link) => !link.closest("[hidden]") && !link.hidden);

function choose(link) {
  dialog.querySelectorAll("[aria-selected=true]").forEach((other) => other.setAttribute("aria-selected", "false"));
  link?.setAttribute("aria-selected", "true");
  link?.scrollIntoView({ block: "nearest" });
  if (link) field.setAttribute("aria-activedescendant", link.id);
  else field.removeAttribute("aria-activedescendant");
}

function sift() {
  const words = field.value.trim().toLowerCase();
  for (const group of dialog.querySelectorAll("[data-sift]")) {
    let shown = 0;
    for (const link of group.querySelectorAll("a")) {
      link.hidden = Boolean(words) && !link.textContent.toLowerCase().includes(words);
      shown += link.hidden ? 0 : 1;
    }
    group.hidden = shown === 0;
  }
  choose(options()[0]);
}

function step(by) {
  const all = options();
  const at = all.findIndex((link) => link.getAttribute("aria-selected") === "true");
  choose(all[(at + by + all.length) % all.length]);
}

if (dialog) {
  field.addEventListener("input", sift);
  dialog.addEventListener("htmx:afterSettle", () => choose(options()[0]));
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.key === "Enter" && event.target === field) {
      const link = options().find((one) => one.getAttribute("aria-selected") === "true");
      if (link) { event.preventDefault(); link.click(); }
    }
  });
  dialog.addEventListener("toggle", () => { if (dialog.open) { field.select(); sift(); } });
}
