// The editor does not translate the names of its own buttons. It makes them just after it says that it is ready.
document.addEventListener("prose-editor:ready", () => setTimeout(() => {
  for (const button of document.querySelectorAll(".prose-menubar [title]")) {
    button.ariaLabel = button.title = gettext(button.title)
  }
  for (const text of document.querySelectorAll(".prose-menubar__option > *")) text.textContent = gettext(text.textContent)
}))

// The button that schedules says for when, also while the hour is being typed.
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("button[name=_schedule]")
  const fields = [0, 1].map((part) => document.getElementById(`id_publish_at_${part}`))
  if (!button || fields.includes(null)) return
  const typed = () => fields.map((field) => field.value.trim()).join(" ").trim()
  const first = typed()
  const label = button.textContent

  const update = () => {
    button.textContent = typed() === first ? label : button.dataset.typed.replace("{hour}", typed())
  }
  // The calendar's shortcuts fill the fields without any event that bubbles: focus comes back to them afterwards.
  for (const field of fields) for (const event of ["input", "change", "focus"]) field.addEventListener(event, update)
})

// A second click on a button does not send the form again; who comes back to the page may.
const buttons = () => document.querySelectorAll("#post_form [type=submit]")
document.addEventListener("submit", (event) => {
  // Afterwards: the name of a button that is off is not sent.
  if (event.target.id === "post_form") setTimeout(() => buttons().forEach((button) => (button.disabled = true)))
})
window.addEventListener("pageshow", () => buttons().forEach((button) => (button.disabled = false)))
