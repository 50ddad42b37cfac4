// Runs before the first paint: the chosen theme, else the system's.
{
  let chosen = "";
  try { chosen = localStorage.getItem("guilder.theme") ?? ""; } catch { /* storage is off */ }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}
