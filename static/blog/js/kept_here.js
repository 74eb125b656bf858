// What could not be sent to the site is kept in this browser, under the address it goes to, which ends in ?by=<whose>.
// Without data-user this page is nobody's, or a refusal: what was sent before it was not saved.
const keptHere = {
  me: document.currentScript.dataset.user,
  hasErrors: () => document.querySelector(".errornote") !== null,

  /** The token of who is signed in by now; a page that was opened before has an older one. */
  token: () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "",

  send(key, pairs, options) {
    const headers = { "X-CSRFToken": this.token() }
    return fetch(key, { method: "POST", body: new URLSearchParams(pairs), headers, redirect: "manual", ...options })
  },

  /** Note that a form is being sent: the next page tells whether its text was saved. */
  sent(key, pairs) {
    localStorage.setItem(key, JSON.stringify(pairs))
    sessionStorage.setItem("sent", JSON.stringify({ key, from: location.pathname }))
  },

  /** Forget what was sent when this page is the answer to it, and neither a refusal nor the form with its errors. */
  acknowledge() {
    const { key, from } = JSON.parse(sessionStorage.getItem("sent") ?? "{}")
    sessionStorage.removeItem("sent")
    const isAnswer = document.referrer && new URL(document.referrer).pathname === from
    const [{ type }] = performance.getEntriesByType("navigation")
    if (this.me && isAnswer && type === "navigate" && !this.hasErrors()) localStorage.removeItem(key)
  },

  /** Bring texts that were never saved to the site: no form has their key any more. */
  async bringNewTexts() {
    const mine = (key) => key.startsWith("/admin/autosave/new/") && key.endsWith(`/?by=${this.me}`)
    let brought
    for (const key of Object.keys(localStorage).filter(mine)) {
      const answer = await this.send(key, JSON.parse(localStorage.getItem(key)))
      if (answer.ok) brought = key
      if (answer.ok || answer.status === 404) localStorage.removeItem(key) // 404: it was saved
    }
    if (!brought) return
    if (document.querySelector("[data-autosave^='/admin/autosave/new/']")) location.search = `unsaved=${brought.split("/")[4]}`
    else if (document.querySelector(".desk")) location.reload()
  },
}
keptHere.acknowledge()
if (keptHere.me && !keptHere.hasErrors()) keptHere.bringNewTexts()
