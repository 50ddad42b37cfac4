// Files by drop and paste into an ordinary file field: data-drop around it; what was picked is listed with its size.
const size = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

function tell(zone) {
  const list = zone.querySelector("[data-picked]");
  list.replaceChildren(...[...zone.querySelector("input").files].map((file) => {
    const row = document.createElement("li");
    row.append(Object.assign(document.createElement("bdi"), { textContent: file.name, className: "truncate" }), Object.assign(document.createElement("span"), { textContent: size(file.size), className: "num" }));
    return row;
  }));
}

function take(zone, files) {
  const field = zone.querySelector("input[type=file]");
  if (!files?.length) return;
  const chosen = new DataTransfer();
  for (const file of field.multiple ? [...field.files, ...files] : [files[0]]) chosen.items.add(file);
  field.files = chosen.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

const zoneOf = (event) => event.target.closest?.("[data-drop]");
document.addEventListener("dragover", (event) => {
  const zone = zoneOf(event);
  if (!zone || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  zone.classList.add("over");
});
document.addEventListener("dragleave", (event) => zoneOf(event)?.classList.remove("over"));
document.addEventListener("drop", (event) => {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  zone.classList.remove("over");
  take(zone, event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  const zone = zoneOf(event) ?? (document.activeElement === document.body ? document.querySelector("[data-drop]") : null);
  if (zone && event.clipboardData?.files.length) { event.preventDefault(); take(zone, event.clipboardData.files); }
});
document.addEventListener("change", (event) => { const zone = zoneOf(event); if (zone) tell(zone); });
