// A video's player takes the place of its card when somebody asks for it, and not before.
document.addEventListener("click", event => {
  const link = event.target.closest("a[data-player]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const frame = document.createElement("iframe")
  frame.title = link.querySelector("b").textContent
  frame.allow = "autoplay; fullscreen; picture-in-picture; encrypted-media"
  frame.referrerPolicy = "strict-origin-when-cross-origin"
  frame.src = link.dataset.player
  link.replaceWith(frame)
  frame.focus()
})
