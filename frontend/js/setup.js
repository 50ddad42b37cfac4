// The browser knows its time zone: a hidden field takes it along.
for (const field of document.querySelectorAll("[data-time-zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

// Without script a copy button would be dead, so it comes hidden.
for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
