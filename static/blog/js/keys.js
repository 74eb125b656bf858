// The keys of the desk. Each presses a link, a field or a button that is there without this script too; the sheet behind
// "?" names them, and turns the single ones off, for whoever speaks to the machine or hits keys by chance.
const SWITCH = "desk-keys"
const PAUSE = 1500 // milliseconds between "g" and what follows
const isTyping = (place) => place.matches("textarea, select, [contenteditable], [contenteditable] *, input:not([type=checkbox], [type=radio], [type=submit], [type=button])")
const areOff = () => localStorage.getItem(SWITCH) === "off"
let before = ""
let begun = 0

const openSheet = async (address) => {
  const answer = await fetch(address)
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const sheet = document.createElement("dialog")
  const close = Object.assign(document.createElement("button"), { type: "button", className: "button close", textContent: "✕" })
  close.setAttribute("aria-label", page.querySelector(".keys-sheet").dataset.close)
  close.addEventListener("click", () => sheet.close())
  sheet.className = "sheet"
  sheet.setAttribute("aria-label", page.querySelector("h1").textContent)
  sheet.append(close, page.querySelector(".keys-sheet"))
  sheet.addEventListener("close", () => sheet.remove())
  document.body.append(sheet)
  offerSwitch(sheet)
  sheet.showModal()
}

const offerSwitch = (sheet) => {
  const place = sheet.querySelector(".switch")
  if (!place) return
  const button = place.querySelector("button")
  const show = () => button.setAttribute("aria-pressed", areOff())
  button.addEventListener("click", () => (localStorage.setItem(SWITCH, areOff() ? "on" : "off"), show()))
  place.hidden = false
  show()
}

const move = (step) => {
  const lines = [...document.querySelectorAll("#result_list tbody th a, .desk li > a")]
  const next = lines[lines.indexOf(document.activeElement) + step]
  next?.focus()
  return next
}

const press = (keys) => {
  const thing = document.querySelector(`[data-keys="${CSS.escape(keys)}"]`)
  if (keys === "?" && document.querySelector("dialog[open]")) return true
  if (keys === "?" && document.getElementById("keys")) return false // a page with a sheet of its own
  if (keys === "/") return document.getElementById("searchbar")?.focus() ?? Boolean(document.getElementById("searchbar"))
  if (keys === "j" || keys === "k") return move(keys === "j" ? 1 : -1)
  thing?.click()
  return thing
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event
  const save = document.querySelector("[name=_continue]") ?? document.querySelector(".submit-row [name=_save]")
  if ((event.ctrlKey || event.metaKey) && key === "s" && save) return event.preventDefault(), save.click()
  if (key === "Escape") for (const each of document.querySelectorAll(".menu[open], #changelist-filter [open]")) each.open = false
  if (key.length > 1 || event.ctrlKey || event.metaKey || event.altKey || isTyping(target)) return
  if (areOff()) return event.stopPropagation() // the pages that have keys of their own hear nothing either
  const keys = event.timeStamp - begun < PAUSE ? before + key : key
  before = keys === "g" ? "g" : ""
  begun = event.timeStamp
  if (before || press(keys)) event.preventDefault(), event.stopPropagation()
}, true) // before the keys of a page, among which are the second ones of ours

document.addEventListener("click", (event) => {
  const link = event.target.closest('[data-keys="?"]')
  if (link) event.preventDefault(), openSheet(link.href)
  for (const each of document.querySelectorAll(".menu[open], #changelist-filter [open]")) if (!each.contains(event.target) || link) each.open = false
})

offerSwitch(document)
