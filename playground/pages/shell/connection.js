// Visible from when the connection is lost until it is restored.
export function render({ model, view }) {
  const line = document.createElement("div")
  line.className = "lost"
  line.setAttribute("role", "alert")
  line.hidden = true
  const show = (lost) => {
    line.hidden = !lost
    line.textContent = lost ? model.sentence : ""
  }
  const page = view.model.document
  page.on_event("connection_lost", () => show(true))
  page.on_event("client_reconnected", () => show(false))
  return line
}
