// Ctrl+Z and Cmd+Z undo only if the last click or touch was in the card of the canvas, or the focus is.
export function render({ model }) {
  let drawing = false
  const isInCard = (event) => event.composedPath().some((each) => each.classList?.contains("pg-draw"))
  const pressed = (event) => { drawing = isInCard(event) }
  const focused = (event) => { drawing ||= isInCard(event) }
  const typed = (event) => {
    const undo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)
    const other = event.shiftKey || event.altKey || event.composedPath()[0].matches?.("input, textarea")
    if (!drawing || !undo || other) return
    event.preventDefault()
    model.send_msg("undo")
  }
  document.addEventListener("pointerdown", pressed, true)
  document.addEventListener("keydown", focused, true)
  document.addEventListener("keydown", typed)
  model.on("remove", () => {
    document.removeEventListener("pointerdown", pressed, true)
    document.removeEventListener("keydown", focused, true)
    document.removeEventListener("keydown", typed)
  })
  return document.createElement("span")
}
