// Keys that work anywhere on a page, and the dialog that lists all keys.

const TYPED_IN = "input:not([type=checkbox], [type=radio], [type=range]), textarea, [contenteditable=true]"
const TAKES_SPACE = "input, select, textarea, button, summary, a, [contenteditable=true], [role=slider], [role=tab]"

function newElement(kind, text, ...children) {
  const element = document.createElement(kind)
  element.textContent = text
  element.append(...children)
  return element
}

export function render({ model }) {
  const dialog = document.createElement("dialog")
  const close = newElement("button", "×")
  close.type = "button"
  close.setAttribute("aria-label", "Close")
  close.addEventListener("click", () => dialog.close())
  const rows = model.rows.map(([keys, does]) => {
    const head = newElement("th", keys)
    head.scope = "row"
    return newElement("tr", "", head, newElement("td", does))
  })
  dialog.setAttribute("aria-label", "Keys")
  dialog.append(
    newElement("header", "", newElement("h2", "Keys"), close),
    newElement("table", "", newElement("tbody", "", ...rows)),
  )
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close()
  })

  const pageOf = (path) => path.find((each) => each.classList?.contains("pg"))
  const typed = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return
    const path = event.composedPath()
    if (!model.anywhere && pageOf(path) === undefined) return
    const target = path[0]
    if (event.key === "?" && !target.matches?.(TYPED_IN)) {
      event.preventDefault()
      dialog.showModal()
    } else if (event.key === " " && !target.matches?.(TAKES_SPACE)) {
      event.preventDefault() // it would scroll
      if (!event.repeat) model.send_msg("toggle")
    } else if (event.key === "Escape") {
      model.send_msg("close")
    }
  }
  document.addEventListener("keydown", typed)
  model.on("remove", () => document.removeEventListener("keydown", typed))
  // What has closed had the focus, which goes to what opened it; what has opened gets it, once Bokeh
  // has built it.
  const giveFocus = (kind, tries) => {
    const page = dialog.getRootNode().host?.getRootNode() ?? document
    const [target] = [...allIn(page, `.${kind}`)].filter((each) => each.getClientRects().length)
    const inside = target?.shadowRoot?.querySelector("button, input, [tabindex]") ?? target
    if (inside) inside.focus()
    else if (tries > 0) setTimeout(() => giveFocus(kind, tries - 1), 50)
  }
  model.on("msg:custom", ({ focus }) => giveFocus(focus, 60))
  return dialog
}
