// The point of a picture that crops keep: a click on the picture fills in the two numbers, which also work alone.
const picture = document.querySelector(".field-preview .picture")
const across = document.getElementById("id_focus_x")
const down = document.getElementById("id_focus_y")

if (picture && across && down) {
  const marker = document.createElement("i")
  const show = () => {
    marker.style.left = `${across.value}%`
    marker.style.top = `${down.value}%`
  }
  picture.classList.add("aiming")
  picture.append(marker)
  picture.addEventListener("click", event => {
    const { left, top, width, height } = picture.getBoundingClientRect()
    const percent = share => Math.min(100, Math.max(0, Math.round(100 * share)))
    across.value = percent((event.clientX - left) / width)
    down.value = percent((event.clientY - top) / height)
    show()
  })
  across.addEventListener("input", show)
  down.addEventListener("input", show)
  show()
}
