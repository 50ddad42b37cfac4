// Runs before the first paint: the chosen theme, else the system's; which groups of the navigation are folded, how high rows are; and that scripts run.
{
  const kept = (name) => { try { return localStorage.getItem(`guilder.${name}`) ?? ""; } catch { return ""; } };
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const chosen = kept("theme");
    root.dataset.theme = (chosen ? chosen === "dark" : dark.matches) ? "dark" : "light";
  };
  paint();
  dark.addEventListener("change", paint);
  addEventListener("storage", (event) => { if (event.key === "guilder.theme") paint(); });
  root.dataset.folded = kept("folded");
  root.dataset.density = kept("density");
  root.dataset.script = "on";
  // Says to the server that what opens may come when it is opened.
  if (!document.cookie.includes("script=on")) document.cookie = "script=on; path=/; SameSite=Lax";
}
