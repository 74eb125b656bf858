// Notes on a draft: words that are selected can be noted on at once, and the form comes to the place that it is about.
const form = document.getElementById("note")
const draft = document.querySelector(".draft")

const put = (margin, quote) => {
  form.elements.block.value = margin.dataset.block
  form.elements.quote.value = quote
  form.elements.parent.value = ""
  const chosen = form.querySelector(".chosen")
  chosen.textContent = quote
  chosen.hidden = !quote
  margin.append(form)
  form.querySelector("label").textContent = margin.querySelector(".add").textContent
  form.elements.text.focus()
}

if (form && draft) {
  for (const link of draft.querySelectorAll(".add")) {
    link.addEventListener("click", (event) => {
      event.preventDefault()
      put(link.parentElement, "")
    })
  }

  const button = Object.assign(document.createElement("button"), { type: "button", className: "on-this", hidden: true })
  button.textContent = draft.dataset.onThis
  document.body.append(button)
  let chosen

  // The part of the selection that lies in the paragraph in which it begins.
  const selected = () => {
    const selection = getSelection()
    if (selection.isCollapsed || !selection.rangeCount) return null
    const range = selection.getRangeAt(0).cloneRange()
    const start = range.startContainer
    const block = (start.closest ? start : start.parentElement).closest(".draft > [id^=b]")
    if (!block) return null
    const isWithin = block.contains(range.endContainer)
    if (!isWithin) range.setEndAfter(block.lastChild)
    // A selection, unlike a range, has a space between the items of a list.
    const quote = (isWithin ? selection : range).toString().split(/\s+/).join(" ").trim()
    return quote && { margin: block.nextElementSibling, quote, box: range.getBoundingClientRect() }
  }

  document.addEventListener("selectionchange", () => {
    const now = selected()
    button.hidden = !now
    if (!now) return
    chosen = now
    // Through the object model: the policy blocks style attributes.
    button.style.top = `${scrollY + now.box.bottom + 8}px`
    button.style.left = `${scrollX + Math.max(8, Math.min(now.box.left, innerWidth - button.offsetWidth - 8))}px`
  })
  button.addEventListener("mousedown", (event) => event.preventDefault()) // the selection stays
  button.addEventListener("click", () => {
    put(chosen.margin, chosen.quote)
    button.hidden = true
  })
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy)
  button.hidden = false
  button.addEventListener("click", async () => {
    field.select()
    await navigator.clipboard.writeText(field.value)
    button.textContent = button.dataset.done
  })
}
