// Shows a sentence beside the label, title, tab, button or number that is pointed at, focused or tapped
// (pressed for half a second where a tap would use it). In the body, since cards clip what reaches beyond.

const DELAY = 350 // milliseconds until what is pointed at is explained
const MARGIN = 8 // pixels to the edge of the window
const LONG_PRESS = 500 // milliseconds after which a touch asks what a control does, and does not use it
const HELP = "help: " // of help_tags.py
const ACTS = "button, .bk-btn, .bk-tab, summary, input" // a tap uses these

export function render({ model }) {
  const bubble = document.createElement("div")
  bubble.setAttribute("role", "tooltip")
  bubble.hidden = true
  Object.assign(bubble.style, {
    position: "fixed", zIndex: 20, maxWidth: "260px", padding: "6px 10px", borderRadius: "8px",
    font: "13px/1.4 system-ui, sans-serif", pointerEvents: "none", boxShadow: "0 4px 16px rgb(0 0 0 / 0.25)",
  })
  let timer
  let asked = false // whether the touch has lasted so long that it asks, and uses nothing
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
  // What labels are, by kind. Of a title only the beginning counts: what follows is small print.
  const KINDS = [
    ["number", ".pg-figures span"], ["tab", ".bk-tab"], ["column", "th"],
    ["title", "h2, h3, summary, .pg-more-title"], ["button", ".bk-btn"],
    ["field", "label, .bk-slider-title, .bk-input, [role=slider], input[type=checkbox], input[type=checkbox] + *"],
  ]
  const ownText = (element) => {
    const title = element.matches(".pg-more-title") ? allIn(element, "h3").next().value ?? element : element
    const text = [...title.childNodes].find((each) => each.nodeType === Node.TEXT_NODE && each.data.trim())
    return (text?.data ?? title.textContent).trim()
  }
  // Labels of numbers may go on, or begin with another word: the longest that fits is meant.
  const numberSentence = (text) => {
    const fitting = Object.entries(model.labels.number).filter(([label]) => text.includes(label))
    return fitting.sort(([one], [other]) => other.length - one.length)[0]?.[1]
  }
  // An element with its sentence; null where there is none.
  const explained = (path, focused) => {
    for (const [kind, selector] of KINDS) {
      const found = path.find((each) => each.matches?.(selector))
      // What is typed or chosen in stays uncovered, unless the focus comes to it.
      if (found === undefined || (!focused && found.matches(".bk-input, [role=slider]"))) continue
      const host = path.find((each) => each.shadowRoot?.contains(found))
      const view = window.Bokeh?.index.query((each) => each.el === host).next().value
      const help = helpIn(path)
      if (kind !== "field") {
        const sentence = kind === "number" ? numberSentence(found.textContent) : model.labels[kind][ownText(found)]
        // An icon's name is no more than its sentence where it has one.
        const name = host?.matches(".pg-icon") ? found.textContent.trim() : ""
        const shown = sentence ?? (kind === "button" ? help || name : undefined)
        return shown ? [found.matches(".bk-btn") ? host : found, shown, found] : null
      }
      const label = view?.model.title ?? view?.model.label ?? ""
      const sentence = help || model.labels.field[String(label)]
      return sentence ? [found.matches("label, .bk-slider-title") ? found : host, sentence, found] : null
    }
    return null
  }
  // The sentence in the tags of the innermost control or box that has one.
  const helpIn = (path) => {
    for (const host of path) {
      if (!(host instanceof Element) || host.shadowRoot === null) continue
      for (const view of window.Bokeh?.index.query((each) => each.el === host) ?? []) {
        const tag = view.model.tags?.find((each) => String(each).startsWith(HELP))
        if (tag !== undefined) return tag.slice(HELP.length)
      }
    }
    return ""
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
    if (!focused.matches?.(":focus-visible")) return
    const found = explained(path, true)
    if (found === null) return
    if (found[1] !== focused.textContent.trim()) focused.setAttribute("aria-description", found[1])
    show(...found)
  }
  const onPress = (event) => {
    hide()
    const path = event.composedPath()
    clicked = buttonIn(path)
    asked = false
    if (event.pointerType !== "touch") return
    const found = explained(path, false)
    if (found === null) return
    timer = setTimeout(() => {
      asked = true
      show(...found)
    }, LONG_PRESS)
  }
  const onTap = (event) => {
    if (event.pointerType !== "touch") return
    clearTimeout(timer)
    const found = explained(event.composedPath(), false)
    if (found !== null && !found[2].matches(ACTS)) show(...found)
  }
  const onClick = (event) => {
    if (!asked) return
    asked = false
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  const onKey = (event) => event.key !== "Tab" && event.key !== "Shift" && hide()
  const listeners = [
    ["pointermove", onMove], ["keyup", onKeyUp], ["pointerdown", onPress], ["pointerup", onTap],
    ["scroll", hide], ["keydown", onKey], ["click", onClick], ["pointercancel", () => clearTimeout(timer)],
  ]
  for (const [name, listener] of listeners) document.addEventListener(name, listener, true)
  model.on("remove", () => {
    hide()
    bubble.remove()
    for (const [name, listener] of listeners) document.removeEventListener(name, listener, true)
  })
  return document.createElement("span")
}
