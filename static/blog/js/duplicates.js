// The desk for duplicates by keyboard: each key presses a button, or chooses a field, that is there without a script.
const groups = [...document.querySelectorAll(".group")]
const keys = document.getElementById("keys")
let current = groups.findIndex((group) => `#${group.id}` === location.hash)

for (const hint of document.querySelectorAll(".scripted")) hint.hidden = false
document.getElementById("show-keys").addEventListener("click", () => keys.showModal())
// The browser's own jump to the next group, on loading, would take the focus away again.
addEventListener("load", () => groups[current]?.focus())
document.addEventListener("focusin", (event) => {
  const at = groups.indexOf(event.target.closest(".group"))
  if (at >= 0) current = at
})

const go = (to) => {
  current = Math.max(0, Math.min(groups.length - 1, to))
  groups[current]?.focus()
  groups[current]?.scrollIntoView({ block: "start" })
}
const press = (name) => (groups[current] ?? groups[0])?.querySelector(`button[name="${name}"]`)?.click()
const keep = (number) => {
  const member = (groups[current] ?? groups[0])?.querySelectorAll(".member")[number - 1]
  member?.querySelector('[type="radio"]')?.click()
}

const deeds = {
  j: () => go(current + 1),
  k: () => go(current - 1),
  m: () => press("merge"),
  d: () => press("dismiss"),
  u: () => document.querySelector(".messagelist .undo")?.requestSubmit(),
  "?": () => keys.showModal(),
}

addEventListener("keydown", (event) => {
  const typing = event.target.matches('select, textarea, input:not([type="radio"], [type="checkbox"])')
  if (typing || keys.open || event.ctrlKey || event.metaKey || event.altKey) return
  const deed = /^[1-9]$/.test(event.key) ? () => keep(Number(event.key)) : deeds[event.key]
  if (!deed) return
  event.preventDefault()
  deed()
})
