// The small window opened by the editor's figure dialog: a click hands the picture and its words back.
for (const button of document.querySelectorAll(".picker button")) {
  button.addEventListener("click", () => {
    const { src, alt, caption } = button.dataset
    const number = new URLSearchParams(location.search).get("CKEditorFuncNum")
    window.opener?.CKEDITOR.tools.callFunction(number, src, { alternative_text: alt, caption })
    window.close()
  })
}
