// The keys of the diagram that is in the same card, and the text that is said about what they reach.

const STEPS = {
  ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", Home: "home", End: "end",
  Enter: "open",
}
const EDITOR = ".pg-editor"

export function render({ model }) {
  const region = liveRegion(model)
  const card = () => region.getRootNode().host?.getRootNode()
  const diagram = () => card() && [...allIn(card(), "[role=application]")][0]
  const editor = () => card() && [...allIn(card(), EDITOR)][0]
  const fields = () => (editor() ? [...allIn(editor().shadowRoot, "input, select")] : [])
  const isHere = (event) => event.composedPath()[0] === diagram()

  const typed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === "Escape" && (isHere(event) || event.composedPath().includes(editor()))) {
      model.send_msg("close")
      diagram()?.focus()
      return
    }
    const step = isHere(event) ? STEPS[event.key] : undefined
    if (step === undefined) return
    event.preventDefault() // arrows would scroll
    model.send_msg(step)
  }
  // Whoever closes the editor with a key goes on in the diagram.
  const clicked = (event) => {
    const inside = event.composedPath().includes(editor())
    if (event.detail === 0 && inside) {
      setTimeout(() => fields().some((each) => each.getClientRects().length) || diagram()?.focus(), 200)
    }
  }
  // Events of the focus stay within the shadow root in which it moves: keys and clicks tell the rest. A click
  // focuses too, but says itself where it points.
  let wasHere = false
  const look = () => {
    const element = focusedElement()
    const isHere = element !== null && element === diagram() && element.matches(":focus-visible")
    if (isHere !== wasHere) model.send_msg(isHere ? "focus" : "blur")
    wasHere = isHere
  }
  const lookSoon = () => setTimeout(look)
  // The fields come with the same message from the server or with the next, and Bokeh builds them then.
  const focusField = (tries = 20) => {
    const field = fields().find((each) => each.getClientRects().length)
    if (field !== undefined) {
      field.focus()
      field.select?.()
    } else if (tries > 0) {
      setTimeout(() => focusField(tries - 1), 30)
    }
  }
  model.on("msg:custom", () => focusField())
  const listeners = [["keydown", typed], ["click", clicked], ...["focusin", "focusout", "keyup", "click"].map((kind) => [kind, lookSoon])]
  for (const [kind, call] of listeners) document.addEventListener(kind, call)
  model.on("remove", () => {
    for (const [kind, call] of listeners) document.removeEventListener(kind, call)
  })
  return region
}
