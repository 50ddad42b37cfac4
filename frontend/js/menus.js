// Popover menus: placed beside their button, walked by arrow keys.
export function place(menu, button) {
  const at = button.getBoundingClientRect();
  menu.classList.add("placed");
  const { offsetWidth: width, offsetHeight: height } = menu;
  const rightToLeft = getComputedStyle(button).direction === "rtl";
  const end = rightToLeft ? at.left : at.right - width;
  const below = at.bottom + 4 + height <= innerHeight;
  menu.style.left = `${Math.max(8, Math.min(end, innerWidth - width - 8))}px`;
  menu.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - 4 - height)}px`;
}

// "More" of a phone holds what stands in the navigation and in the account's menu; it takes it from there.
const more = document.getElementById("more");
const others = document.querySelector("#switch form");
if (more && !more.querySelector("form")) {
  const fixed = [...more.children];
  const copy = (one) => {
    const twin = one.cloneNode(true);
    for (const part of [twin, ...twin.querySelectorAll("*")]) for (const name of ["data-key", "data-count", "aria-keyshortcuts", "title", "id"]) part.removeAttribute(name);
    return twin;
  };
  const parts = () => [
    ...(others ? [copy(others), document.createElement("hr")] : []),
    ...[...document.querySelectorAll(".nav li a")].map(copy),
    ...fixed,
    ...[...document.querySelectorAll("#account > :not(.who, hr)")].map(copy),
  ];
  more.addEventListener("beforetoggle", (event) => { if (event.newState === "open") more.replaceChildren(...parts()); });
}

/** Put a menu that was opened beside its button, and focus into it. */
export function furnish(menu) {
  const button = document.querySelector(menu.dataset.beside ?? `[popovertarget="${menu.id}"]`);
  if (button) place(menu, button);
  if (!menu.contains(document.activeElement)) menu.querySelector("a, button")?.focus();
}

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".menu[popover]") && event.newState === "open") furnish(event.target);
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const entries = [...menu.querySelectorAll("a, button")];
  const at = entries.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  event.preventDefault();
  entries.at(next % entries.length)?.focus();
});

addEventListener("resize", () => document.querySelectorAll(".menu:popover-open").forEach((menu) => menu.hidePopover()));
