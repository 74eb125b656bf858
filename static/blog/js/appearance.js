// The preview follows what is chosen. Without this a button asks for it.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const frame = document.querySelector("iframe[name=look]");
  const button = document.querySelector("[formtarget=look]");
  if (!frame || !button) return;
  const { form, formAction } = button;
  let waiting;
  button.parentElement.remove();
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });

  function show() {
    const chosen = new URLSearchParams(new FormData(form));
    chosen.delete("csrfmiddlewaretoken");
    frame.contentWindow.location.replace(`${formAction}?${chosen}`); // no step for the back button
  }
});
