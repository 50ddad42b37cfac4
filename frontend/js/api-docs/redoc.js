// Starts ReDoc on the address that the page names.
const place = document.getElementById("redoc");
window.Redoc.init(place.dataset.spec, {
  hideLogo: true,
  nativeScrollbars: true,
  theme: { typography: { fontFamily: "Inter, sans-serif", headings: { fontFamily: "Inter, sans-serif" } }, colors: { primary: { main: "#2b4fc7" } } },
}, place);
