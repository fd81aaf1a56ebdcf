// Shows a sentence beside the label, or the number in the header, that is pointed at, focused or tapped,
// and the name of a button that shows only an icon. In the body, since cards clip what reaches beyond.

const DELAY = 350 // milliseconds until what is pointed at is explained
const MARGIN = 8 // pixels to the edge of the window

export function render({ model }) {
  const bubble = document.createElement("div")
  bubble.setAttribute("role", "tooltip")
  bubble.hidden = true
  Object.assign(bubble.style, {
    position: "fixed", zIndex: 20, maxWidth: "260px", padding: "6px 10px", borderRadius: "8px",
    font: "13px/1.4 system-ui, sans-serif", pointerEvents: "none", boxShadow: "0 4px 16px rgb(0 0 0 / 0.25)",
  })
  let timer
  let clicked // the button that was clicked last, until the pointer leaves it

  const hide = () => {
    clearTimeout(timer)
    bubble.hidden = true
  }
  const show = (anchor, sentence) => {
    const page = document.querySelector(".pg")
    const colours = getComputedStyle(page ?? document.body)
    bubble.style.background = colours.getPropertyValue("--pg-ink") || "#1d2430"
    bubble.style.color = colours.getPropertyValue("--pg-surface") || "#fff"
    bubble.textContent = sentence
    if (!bubble.isConnected) document.body.append(bubble)
    bubble.hidden = false
    const at = anchor.getBoundingClientRect()
    const { width, height } = bubble.getBoundingClientRect()
    const left = Math.min(Math.max(at.left, MARGIN), innerWidth - width - MARGIN)
    const below = at.bottom + 4
    bubble.style.left = `${left}px`
    bubble.style.top = `${below + height > innerHeight ? at.top - height - 4 : below}px`
  }
  const buttonIn = (path) => path.find((each) => each.matches?.(".pg-icon"))
  // A label, a number or a button with its sentence; null elsewhere.
  const explained = (path, focused) => {
    const button = buttonIn(path)
    const name = button?.shadowRoot?.querySelector("button")?.textContent.trim()
    if (name) return [button, name]
    const number = path.find((each) => each.matches?.(".pg-figures span"))
    if (number !== undefined) {
      const label = [...number.childNodes].find((each) => each.nodeType === Node.TEXT_NODE)?.textContent ?? ""
      const key = Object.keys(model.numbers).find((each) => label.startsWith(each))
      return key === undefined ? null : [number, model.numbers[key]]
    }
    const label = path.find((each) => each.matches?.("label, .bk-slider-title"))
    if (label === undefined && !focused) return null
    for (const host of path) {
      if (!(host instanceof Element) || host.shadowRoot === null) continue
      const tag = tagsOf(host).find((each) => each in model.sentences)
      if (tag !== undefined) return [label ?? host, model.sentences[tag]]
    }
    return null
  }
  const tagsOf = (host) => {
    for (const view of window.Bokeh?.index.query((each) => each.el === host) ?? []) return view.model.tags ?? []
    return []
  }
  // Moves, since where the pointer comes from and goes to lies within one shadow root, no event of
  // entering or leaving reaches the document; the same holds for the focus, which keys move.
  let pointedAt
  const onMove = (event) => {
    const path = event.composedPath()
    if (path[0] === pointedAt || event.pointerType === "touch") return
    pointedAt = path[0]
    hide()
    if (clicked !== undefined && clicked === buttonIn(path)) return // it would cover what has changed
    clicked = undefined
    const found = explained(path, false)
    if (found !== null) timer = setTimeout(() => show(...found), DELAY)
  }
  let focused
  const onKeyUp = (event) => {
    const path = event.composedPath()
    if (path[0] === focused) return
    focused = path[0]
    hide()
    if (!focused.matches?.(":focus-visible") || focused.matches?.("input[type=text], textarea")) return
    const found = explained(path, true)
    if (found !== null) show(...found)
  }
  const onPress = (event) => {
    hide()
    clicked = buttonIn(event.composedPath())
  }
  const onTap = (event) => {
    if (event.pointerType !== "touch") return
    const found = explained(event.composedPath(), false)
    if (found === null || clicked !== undefined) hide()
    else show(...found)
  }
  const onKey = (event) => event.key === "Escape" && hide()
  const listeners = [
    ["pointermove", onMove], ["keyup", onKeyUp], ["pointerdown", onPress], ["pointerup", onTap],
    ["scroll", hide], ["keydown", onKey],
  ]
  for (const [name, listener] of listeners) document.addEventListener(name, listener, true)
  model.on("remove", () => {
    hide()
    bubble.remove()
    for (const [name, listener] of listeners) document.removeEventListener(name, listener, true)
  })
  return document.createElement("span")
}
