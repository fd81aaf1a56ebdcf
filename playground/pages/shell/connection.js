// Visible from when the connection is lost until it is restored.

function whatIsSaved({ saved_at, problem }) {
  const time = saved_at === "" ? "" : new Date(saved_at).toLocaleTimeString()
  if (problem !== "") {
    const before = time === "" ? "" : ` It was last saved at ${time}.`
    return `Your latest work could not be saved: ${problem}${before}`
  }
  return time === "" ? "Nothing of your work has been saved." : `Your work was last saved at ${time}.`
}

export function render({ model, view }) {
  const line = document.createElement("div")
  line.className = "lost"
  line.setAttribute("role", "alert")
  line.hidden = true
  const show = (lost) => {
    line.hidden = !lost
    line.textContent = lost
      ? `The server cannot be reached. ${whatIsSaved(model)} Once the server is back, reload this page.`
      : ""
  }
  const page = view.model.document
  page.on_event("connection_lost", () => show(true))
  page.on_event("client_reconnected", () => show(false))
  return line
}
