// The editor does not translate the names of its own buttons. It makes them just after it says that it is ready.
document.addEventListener("prose-editor:ready", () => setTimeout(() => {
  for (const button of document.querySelectorAll(".prose-menubar [title]")) {
    button.ariaLabel = button.title = gettext(button.title)
  }
  for (const text of document.querySelectorAll(".prose-editor .ProseMirror")) {
    text.ariaLabel ??= document.querySelector("label[for=id_body]")?.textContent
  }
  for (const text of document.querySelectorAll(".prose-menubar__option > *, .prose-menubar__selected > :not(.material-icons)")) {
    text.textContent = text.textContent.split(": ").map(gettext).join(": ")
  }
}))

// The button that schedules says for when, also while the hour is being typed.
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("button[name=_step][data-typed]")
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

// What is typed is kept on the server while one writes, and in this browser while there is no connection. Each sign
// also says that the form is open, and brings back who else has it open.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("post_form")
  const line = document.querySelector("[data-autosave]")
  if (!form || !line) return
  const others = document.querySelector("[data-others]")
  const url = line.dataset.autosave
  let stopped = new AbortController()
  const token = form.elements.csrfmiddlewaretoken
  const isKept = ([name, value]) => typeof value === "string" && name !== token.name
  const fields = () => [...new FormData(form)].filter(isKept)
  let kept = keptHere.hasErrors() ? "sent and not saved" : ""
  let timer

  const keep = async () => {
    const pairs = fields()
    const now = JSON.stringify(pairs)
    if (kept === "") kept = now // as it was opened
    let problem = line.dataset.failing
    try {
      const answer = await keptHere.send(url, now === kept ? [] : pairs, { signal: stopped.signal })
      if (answer.type === "opaqueredirect" || !keptHere.token()) problem = line.dataset.signedOut
      else if (!answer.ok) problem = line.dataset.refused
      if (!answer.ok) throw new Error(answer.status)
      token.value = keptHere.token() // who signed in again, in another tab, can save
      others.textContent = (await answer.json()).others
      others.hidden = !others.textContent
      if (line.textContent === line.dataset.signedOut) line.textContent = ""
      if (now === kept) return
      kept = now
      localStorage.removeItem(url)
      line.textContent = line.dataset.saying.replace("{time}", new Date().toLocaleTimeString())
    } catch {
      if (stopped.signal.aborted) return
      if (now !== kept) localStorage.setItem(url, now)
      if (now !== kept || problem === line.dataset.signedOut) line.textContent = problem
    }
  }

  const left = localStorage.getItem(url)
  if (left && !keptHere.hasErrors() && !url.startsWith("/admin/autosave/new/")) {
    const reload = () => (localStorage.removeItem(url), location.reload())
    keptHere.send(url, JSON.parse(left)).then((answer) => answer.ok && reload())
  }
  setTimeout(keep, 1000) // the editor has tidied its text by then
  setInterval(keep, 15000)
  form.addEventListener("input", (event) => {
    if (event.isTrusted) kept ||= "typed at once" // by a person, before the first look; not by the editor's tidying
    clearTimeout(timer)
    timer = setTimeout(keep, 2000)
  })
  document.addEventListener("visibilitychange", keep)
  form.addEventListener("submit", () => {
    stopped.abort()
    keptHere.sent(url, fields())
  })
  window.addEventListener("pageshow", () => (stopped = new AbortController()))
})
