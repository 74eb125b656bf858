// Comfort for the discussion, which works without it: what is typed is kept in this browser, what is new is marked for
// those who asked for it, names are suggested, and an open page tells of new comments.
{
  const VISIT = 30 * 60_000 // without a page opened: then the next one begins another visit
  const ASK_EACH = 30_000
  const ASK_AT_LEAST_EACH = 10 * 60_000
  const POSTS = 60 // as in blog/comments/visits.py

  const find = (selector, within = document) => within.querySelector(selector)
  const all = (selector) => [...document.querySelectorAll(selector)]
  const cookie = (name) => document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`))?.[1]
  const wasSent = find(".message.sent")

  // Storage may be forbidden or full: then nothing is kept, and nothing breaks.
  const storage = (name) => (key, value) => {
    try {
      if (value === undefined) return window[name].getItem(key) ?? ""
      if (value) window[name].setItem(key, value)
      else window[name].removeItem(key)
    } catch {
      return ""
    }
  }
  const kept = storage("localStorage")
  const inTab = storage("sessionStorage")

  /** Keep what is typed, for each post and comment that is answered, until it was accepted or dropped. */
  function keepDraft(form, text) {
    const key = `draft ${form.getAttribute("action")} ${form.elements.reply_to.value}`
    const [sentKey, sentText] = JSON.parse(inTab("sent") || "[]")
    if (wasSent && sentKey && kept(sentKey) === sentText) kept(sentKey, "")
    if (wasSent) inTab("sent", "")

    const note = find(".kept", form)
    const draft = kept(key)
    if (!text.value && draft) {
      text.value = draft
      note.hidden = false
    }
    text.value += inTab("quote")
    inTab("quote", "")
    find("button", note).addEventListener("click", () => {
      kept(key, (text.value = ""))
      note.hidden = true
      text.focus()
    })
    text.addEventListener("input", () => kept(key, text.value))
    form.addEventListener("submit", () => inTab("sent", JSON.stringify([key, text.value])))
    find(".drop")?.addEventListener("click", () => kept(key, ""))
  }

  /** Fill in what this browser remembers of its reader, by the form's own tick. */
  function fillIn(fields) {
    try {
      const writer = JSON.parse(decodeURIComponent(cookie("writer")))
      for (const name of ["name", "email", "website"]) fields[name].value ||= writer[name] ?? ""
      fields.remember.checked = true
    } catch {
      // There is no such cookie, or not one of ours.
    }
  }

  const plain = (name) => name.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase()

  /** While "@…" is typed, offer the names of those who take part, as buttons behind the field. */
  function suggestNames(text) {
    const list = find(".names")
    const status = find("span", list)
    const people = () => [...all(".people option").map((each) => each.value), ...all(".name [itemprop=name], li > .name").map((each) => each.textContent)]
    let names // read when the first one is asked for

    const offer = (typed, found) => {
      status.textContent = found.length ? `${list.dataset.words} ${found.join(", ")}` : ""
      list.replaceChildren(status, ...found.map((name) => {
        const button = document.createElement("button")
        button.type = "button"
        button.textContent = name
        button.addEventListener("click", () => {
          const caret = text.selectionStart
          text.focus()
          text.setRangeText(`${name} `, caret - typed.length, caret, "end")
          text.dispatchEvent(new Event("input"))
        })
        return button
      }))
    }
    text.addEventListener("input", () => {
      const typed = text.value.slice(0, text.selectionStart).match(/(?:^|[\s(])@([^@\n]{0,40})$/)?.[1]
      const begins = (name) => plain(name).startsWith(plain(typed)) && plain(name) !== plain(typed)
      const fits = (name) => begins(name) || name.split(" ").slice(1).some(begins)
      if (typed !== undefined) names ??= [...new Set(people())]
      offer(typed, typed === undefined ? [] : names.filter(fits).slice(0, 5))
    })
    text.parentElement.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || list.children.length === 1) return
      offer("", [])
      text.focus()
    })
  }

  /** Quote only the words that are selected, if some are. */
  function quoteSelection() {
    document.addEventListener("mousedown", (event) => {
      if (event.target.closest(".quote")) event.preventDefault() // a click would end the selection
    })
    document.addEventListener("click", (event) => {
      const link = event.target.closest(".quote")
      const chosen = getSelection()
      const words = link && find(".words", link.closest("article"))
      if (!words?.contains(chosen.anchorNode) || !words.contains(chosen.focusNode) || !`${chosen}`.trim()) return
      inTab("quote", `${`${chosen}`.trim().replace(/^/gm, "> ")}\n\n`)
      event.preventDefault()
      location = link.href.replace("&quote=1", "")
    })
  }

  /** Mark what came since the last visit, for those who asked for it; the cookie is their consent. */
  function markNew({ post, newest, word }) {
    const [ask, fresh] = all(".visits form")
    const marks = cookie("visits")
    if (!fresh || marks === undefined) return
    const numbers = new Map(marks.split("~").map((mark) => mark.split(".")))
    const [before, at] = inTab(`visit ${post}`).split(" ")
    const seen = Date.now() - at < VISIT ? before : (numbers.get(post) ?? newest)
    inTab(`visit ${post}`, `${seen} ${Date.now()}`)
    numbers.delete(post)
    const visits = [...numbers, [post, newest]].slice(-POSTS).map((mark) => mark.join(".")).join("~")
    const secure = location.protocol === "https:" ? "; secure" : ""
    document.cookie = `visits=${visits}; path=/; max-age=31536000; samesite=lax${secure}`

    const own = wasSent ? location.hash.slice(1) : ""
    const isNew = (each) => find(":scope > article > header", each) && each.dataset.shown > +seen && each.id !== own
    const news = all(".comments .comment").filter(isNew)
    for (const each of news) {
      each.classList.add("new")
      each.tabIndex = -1
      const badge = document.createElement("span")
      badge.className = "badge"
      badge.textContent = word
      find("time", each).before(badge)
    }
    ask.hidden = true
    fresh.hidden = false
    find(".count", fresh).textContent = news.length
    const step = (by) => {
      const here = news.indexOf(document.activeElement.closest(".new"))
      const each = news[(here < 0 && by < 0 ? by : here + by + news.length) % news.length] ?? news.at(-1)
      for (let above = each; (above = above.parentElement.closest("details")); ) above.open = true
      each.focus()
    }
    const [previous, next] = fresh.querySelectorAll("[type=button]")
    previous.hidden = next.hidden = !news.length
    previous.addEventListener("click", () => step(-1))
    next.addEventListener("click", () => step(1))
    document.addEventListener("keydown", (event) => {
      const by = { n: 1, j: 1, p: -1, k: -1 }[event.key]
      const isTyping = event.target.closest("input, textarea, select, [contenteditable]")
      if (by && news.length && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) step(by)
    })
  }

  /** Ask now and then, while the page is looked at, whether more was said; nothing that is read moves. */
  function watch({ since }) {
    const region = find(".news")
    let pause = ASK_EACH
    let told = ""
    let timer

    const tell = (answer) => {
      if (answer === told) return
      told = answer
      const { words, address, closed } = JSON.parse(answer)
      const link = document.createElement("a")
      link.href = address
      link.textContent = words
      region.replaceChildren(...(words ? [link, " "] : []), closed && find(".comment-form") ? closed : "")
    }
    const askLater = (later) => {
      clearTimeout(timer)
      timer = setTimeout(ask, later)
    }
    const ask = async () => {
      if (document.hidden) return
      try {
        const answer = await fetch(since, { credentials: "omit", cache: "no-cache" })
        if (answer.status === 404) return
        tell(await answer.text())
        pause *= 1.1
      } catch {
        pause *= 2
      }
      askLater((pause = Math.min(pause, ASK_AT_LEAST_EACH)))
    }
    document.addEventListener("visibilitychange", () => document.hidden || askLater((pause = ASK_EACH) / 10))
    askLater(pause)
  }

  const form = find(".comment-form")
  const discussion = find(".discussion[data-since]")
  if (form) {
    keepDraft(form, form.elements.text)
    fillIn(form.elements)
    suggestNames(form.elements.text)
  }
  quoteSelection()
  if (discussion) {
    markNew(discussion.dataset)
    watch(discussion.dataset)
  }
}
