// Seen from when the connection breaks off until it stands again.
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
