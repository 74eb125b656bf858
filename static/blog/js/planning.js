// The board and the calendar with a mouse and with arrow keys. All of it is also there as buttons and forms.
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }
const DAY = 86_400_000
const cards = [...document.querySelectorAll(".card")]
const links = cards.map((card) => card.querySelector("a"))

for (const hint of document.querySelectorAll(".scripted")) hint.hidden = false
// After a step or a move the page leads to its card; the browser's own jump there, on loading, takes the focus away.
addEventListener("load", () => setTimeout(() => document.getElementById(location.hash.slice(1))?.querySelector("a")?.focus()))

// --- Dragging: dropping a card on a column presses the button of the step that leads there; dropping an entry on a
// day sends its form with that day, and with the same time of day in the site's time zone.
let dragged = null
const refusal = document.querySelector(".refusal") // of the board, which has columns where no step leads

const drop = (place) => {
  if (place.dataset.day) {
    const form = dragged.querySelector("form")
    return !place.contains(dragged) && (() => {
      form.hour_0.value = place.dataset.day
      form.requestSubmit()
    })
  }
  const button = dragged.querySelector(`button[data-to="${place.dataset.column}"]`)
  return button && !place.contains(dragged) && (() => button.form.requestSubmit(button))
}

for (const card of document.querySelectorAll("[data-draggable]")) {
  card.draggable = true
  card.addEventListener("dragstart", (event) => {
    dragged = card
    if (refusal) refusal.textContent = ""
    event.dataTransfer.effectAllowed = "move"
    event.dataTransfer.setData("text/plain", card.querySelector("a").textContent) // Firefox drags nothing without
  })
  card.addEventListener("dragend", () => (dragged = null))
}
for (const place of document.querySelectorAll("[data-day], [data-column]")) {
  place.addEventListener("dragover", (event) => {
    if (!dragged) return
    event.preventDefault() // also where the drop is refused, which is then said
    if (drop(place)) place.classList.add("over")
  })
  place.addEventListener("dragleave", () => place.classList.remove("over"))
  place.addEventListener("drop", (event) => {
    event.preventDefault()
    place.classList.remove("over")
    if (!dragged || place.contains(dragged)) return
    const send = drop(place)
    if (send) send()
    else refusal.textContent = `${refusal.dataset.words} ${dragged.querySelector("a").textContent}`
  })
}

// --- Keys: an arrow leads to the nearest card in its direction. With Shift it changes the day in the entry's form,
// which Enter then sends.
const middle = (element) => {
  const box = element.getBoundingClientRect()
  return [box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 20) / 2]
}

const nearest = (from, [right, down]) => {
  const [x, y] = middle(from)
  const away = (link) => {
    const [dx, dy] = [middle(link)[0] - x, middle(link)[1] - y]
    const ahead = dx * right + dy * down
    return ahead > 4 ? ahead + 3 * Math.abs(dx * down + dy * right) : Infinity
  }
  const best = links.filter((link) => link !== from).sort((one, other) => away(one) - away(other))[0]
  return best && away(best) < Infinity ? best : null
}

const changeDay = (card, [right, down]) => {
  const form = card.querySelector("[name=hour_0]")?.form
  if (!form) return
  const day = new Date(Date.parse(form.hour_0.value) + (right + 7 * down) * DAY) // at midnight UTC: no summer time there
  form.hour_0.value = day.toISOString().slice(0, 10)
  form.closest("details").open = true
  form.querySelector("button").focus()
}

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".card")
  const direction = ARROWS[event.key]
  if (!card || !direction || event.target.matches("input")) return
  if (event.altKey || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  if (event.shiftKey) changeDay(card, direction)
  else nearest(card.querySelector("a"), direction)?.focus()
})
