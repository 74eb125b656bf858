// The moderators' queue by keyboard. Every key presses a button, a link or a panel of the row in focus, which are all
// there without this script too. A row that is dealt with closes at once; what could not be saved opens it again.
const AHEAD = 12 // rows: as soon as fewer are left, the next page is fetched
const list = document.querySelector(".queue")
const told = document.querySelector(".told")
const bulk = document.getElementById("bulk")
const undoable = [] // what was done here, the last at the end: { rows, answer }
const undoLast = Object.assign(document.createElement("button"), { type: "button", className: "button undo-last", hidden: true })
const isOpen = (row) => row && !row.classList.contains("done")
const rows = () => [...list.querySelectorAll(".row")]
const current = () => document.activeElement.closest?.(".row") ?? rows().find(isOpen)
const say = (words) => (told.textContent = words)

for (const each of document.querySelectorAll(".scripted")) each.hidden = false

// --- Moving
const focus = (row) => {
  row?.focus({ preventScroll: true })
  row?.scrollIntoView({ block: "nearest" })
}

const move = (from, step) => {
  const all = rows()
  for (let at = all.indexOf(from) + step; at >= 0 && at < all.length; at += step) if (isOpen(all[at])) return focus(all[at])
}

// The row in hand stays so when the focus leaves it: on a phone its buttons are at the lower edge (admin.css).
const takeInHand = (row) => {
  list.querySelector("[aria-current]")?.removeAttribute("aria-current")
  row.setAttribute("aria-current", "true")
  row.querySelector(".actions")?.append(undoLast)
}
list.addEventListener("focusin", ({ target }) => takeInHand(target.closest(".row")))
list.addEventListener("click", ({ target }) => {
  const row = target.closest(".row")
  if (row && !row.contains(document.activeElement)) focus(row)
})

// --- Further rows
let fetching = null
const fetchMore = () => {
  const link = document.querySelector(".more a")
  if (!link || fetching || rows().filter(isOpen).length >= AHEAD) return
  fetching = (async () => {
    try {
      const answer = await fetch(link.href, { redirect: "error" })
      const page = new DOMParser().parseFromString(await answer.text(), "text/html")
      const following = page.querySelector(".more")
      list.append(...page.querySelectorAll(".queue > .row"))
      if (following) link.closest(".more").replaceWith(following)
      else link.closest(".more").remove()
      if (!isOpen(current())) focus(rows().find(isOpen)) // all before were dealt with sooner
    } catch {
      say(list.dataset.offline)
    }
  })().finally(() => (fetching = null))
}

// --- Doing
const post = async (address, fields) => {
  const headers = { Accept: "application/json", "X-CSRFToken": keptHere.token() }
  fields.delete("csrfmiddlewaretoken") // as old as the page; who signed in again has a newer one
  try {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), headers, redirect: "manual", keepalive: true })
    const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json")
    return isOurs ? { ok: answer.ok, ...(await answer.json()) } : { ok: false, words: list.dataset.refused }
  } catch {
    return { ok: false, words: list.dataset.offline }
  }
}

const close = (row, words) => {
  const outcome = row.querySelector(".outcome")
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: list.dataset.undo })
  undo.addEventListener("click", () => takeBack(undoable.findLast((deed) => deed.rows.includes(row))))
  outcome.replaceChildren(`${row.querySelector(".who").textContent}: ${words} `, undo)
  outcome.hidden = false
  row.classList.add("done")
  row.querySelector("[form=bulk]").checked = false
}

const open = (row, words = "") => {
  row.classList.remove("done")
  row.querySelector(".outcome").hidden = true
  row.querySelector(".refusal").textContent = words
}

const send = async (form, button) => {
  const fields = new FormData(form, button)
  const seen = fields.getAll("comment")
  const chosen = rows().filter((row) => seen.includes(row.querySelector("[form=bulk]").value))
  const done = button.dataset.done
  if (!chosen.length) return
  const leaves = done && !["pick", "unpick"].includes(button.value)
  for (const row of chosen) row.querySelector(".refusal").textContent = ""
  if (leaves) {
    const last = chosen.at(-1)
    for (const row of chosen) close(row, done)
    showTicked()
    move(last, 1)
    if (!isOpen(current())) focus(rows().find(isOpen) ?? last)
    fetchMore()
  }
  const deed = { rows: chosen, answer: post(form.getAttribute("action"), fields) } // form.action is the buttons
  undoable.push(deed)
  offerUndo()
  const answer = await deed.answer
  if (!answer.undo) undoable.splice(undoable.indexOf(deed), 1)
  offerUndo()
  settle(deed, answer, form, leaves)
}

const settle = (deed, answer, form, leaves) => {
  if (!answer.ok) {
    for (const row of deed.rows) open(row, answer.words)
    return say(answer.words)
  }
  for (const panel of deed.rows.map((row) => row.querySelector("details[open] form"))) {
    if (panel === form) (form.reset(), (form.closest("details").open = false))
  }
  say(answer.words)
  if (!leaves) {
    for (const row of deed.rows) row.querySelector(".refusal").textContent = answer.words
    return focus(deed.rows[0])
  }
  // Of a bulk some may have been dealt with by somebody else; of a merge others than the one in focus are gone.
  for (const row of deed.rows) if (!answer.comments.includes(numberOf(row))) open(row, list.dataset.left)
  for (const row of rows()) if (isOpen(row) && answer.comments.includes(numberOf(row))) close(row, answer.words), deed.rows.push(row)
}

const numberOf = (row) => Number(row.id.slice("row-".length))

const offerUndo = () => {
  const last = undoable.at(-1)?.rows[0]
  undoLast.hidden = !last
  if (last) undoLast.textContent = `${list.dataset.undo}: ${last.querySelector(".outcome").firstChild?.textContent ?? ""}`
}
undoLast.addEventListener("click", () => takeBack())

const takeBack = async (deed = undoable.at(-1)) => {
  if (!deed) return
  const done = await deed.answer
  if (!done.undo || !undoable.includes(deed)) return
  const answer = await post(done.undo, new FormData())
  say(answer.words)
  if (!answer.ok) return
  undoable.splice(undoable.indexOf(deed), 1)
  offerUndo()
  for (const row of deed.rows) open(row, list.dataset.undone)
  focus(deed.rows[0])
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event
  if (!submitter || !form.matches(".queue form, #bulk")) return
  event.preventDefault()
  send(form, submitter)
})

// --- Keys
const showTicked = () => {
  if (!bulk) return
  const ticked = document.querySelectorAll("[form=bulk]:checked").length
  bulk.hidden = !ticked
  bulk.querySelector(".ticked").textContent = ticked
}
document.addEventListener("change", showTicked)
showTicked()

const press = (key, row) => {
  const find = (place) => place?.querySelector(`[aria-keyshortcuts="${key}"]`)
  const several = bulk && !bulk.hidden ? find(bulk) : null // what is ticked is meant, not the row in focus
  if (several?.localName === "select") return several.focus()
  const button = several ?? find(row) ?? find(document.querySelector("nav.queues"))
  button?.click()
  if (button?.localName !== "summary" || !button.parentElement.open) return
  button.parentElement.querySelector("input:not([type=hidden]), textarea")?.focus()
}

const removeFor = (row, number) => {
  const panel = row?.querySelector(".remove[open]")
  const reason = panel?.querySelectorAll("[type=radio]")[number - 1]
  if (!reason) return
  reason.checked = true
  panel.querySelector("button").click()
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event
  const row = current()
  if (key === "Escape" && row?.querySelector("details[open]")) {
    for (const panel of row.querySelectorAll("details[open]")) panel.open = false
    return focus(row)
  }
  if (key === "Enter" && event.ctrlKey && target.matches("textarea")) return target.form.querySelector("button").click()
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("textarea, select, input:not([type=radio], [type=checkbox])")) return
  if (key === "j" || (key === "ArrowDown" && !target.matches("[type=radio]"))) move(row ?? null, isOpen(document.activeElement.closest?.(".row")) ? 1 : 0)
  else if (key === "k" || (key === "ArrowUp" && !target.matches("[type=radio]"))) move(row, -1)
  else if (key === "u") takeBack()
  else if (key >= "1" && key <= "9" && key.length === 1) removeFor(row, Number(key))
  else if (key === "/" && document.getElementById("id_words")) document.getElementById("id_words").focus()
  else if (/^[a-z/?]$/.test(key)) press(key, row)
  else return
  event.preventDefault()
})

document.querySelector(".queues [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }) // on a phone they lie in one line
focus(document.getElementById(location.hash.slice(1))?.closest(".row") ?? rows()[0])
