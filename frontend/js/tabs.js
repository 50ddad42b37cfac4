// Rows of tabs that are wider than the window begin at the current one.
for (const row of document.querySelectorAll(".tabs, .views, .portal-nav")) {
  const now = row.querySelector("[aria-current]")?.getBoundingClientRect();
  const frame = row.getBoundingClientRect();
  if (now && row.scrollWidth > row.clientWidth) row.scrollLeft += now.left - frame.left - (frame.width - now.width) / 2;
}
