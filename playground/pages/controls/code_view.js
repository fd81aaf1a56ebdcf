// Shows a program as text to be read, selected and copied. It is never run, and never made HTML.

function confirm(button, label) {
  button.textContent = label
  setTimeout(() => { button.textContent = "Copy" }, 1500)
}

function select(text) {
  const range = document.createRange()
  range.selectNodeContents(text)
  const selection = window.getSelection()
  selection.removeAllRanges()
  selection.addRange(range)
}

export function render({ model }) {
  const box = document.createElement("div")
  const button = document.createElement("button")
  const text = document.createElement("pre")
  box.className = "code"
  button.type = "button"
  button.textContent = "Copy"
  text.tabIndex = 0
  text.setAttribute("aria-label", "Code")
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(model.text)
      confirm(button, "Copied")
    } catch {
      // Without a secure connection there is no clipboard access: the text is selected instead.
      select(text)
      confirm(button, "Press Ctrl+C")
    }
  })

  function show() {
    text.textContent = model.text
    box.hidden = model.text === ""
  }

  model.on("text", show)
  show()
  box.append(button, text)
  return box
}
