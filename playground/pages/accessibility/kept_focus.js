// Bokeh makes a button's element anew when its name or icon changes, and takes elements out of the page
// and puts them back when their siblings change. The focused element is then gone, the focus falls to
// the body, and the next Tab begins at the top of the page. This gives the focus to the element that
// took the place of the lost one, or, where nothing did, as with a button that does its work once, to Play.
// Example: a `pn.widgets.Button` whose `on_click` changes its `name`; focus it and press Enter.

const FOCUSABLE = "button, input, select, textarea, summary, a[href], [tabindex]"

const nameOf = (element) => element.getAttribute("aria-label") ?? element.textContent.trim()
const candidates = (root) => [...root.querySelectorAll(FOCUSABLE)].filter((each) => !each.disabled)

const focused = () => {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active === document.body || active === document.documentElement ? null : active
}

export function render({ model }) {
  let waiting
  let last // the element that has the focus, or has lost it, and its place

  // Not by focusin alone, which stays within a shadow root when the focus does.
  const remember = () => {
    const element = focused()
    if (element === null || element === last?.element) return
    const { host } = element.getRootNode()
    last = host && { element, host, number: candidates(host.shadowRoot).indexOf(element), name: nameOf(element) }
  }
  // A press elsewhere takes the focus on purpose.
  const press = (event) => {
    if (last !== undefined && !event.composedPath().includes(last.host)) last = undefined
  }
  const restore = () => {
    if (last === undefined || focused() !== null || !document.hasFocus()) return
    const { element, host, number, name } = last
    if (element.isConnected && element.getClientRects().length) {
      element.focus({ preventScroll: true })
      return
    }
    if (!host.isConnected) return
    const places = candidates(host.shadowRoot).filter((each) => each.getClientRects().length)
    const named = places.filter((each) => nameOf(each) === name)
    const next = named.length === 1 ? named[0] : places[Math.min(number, places.length - 1)]
    next?.focus({ preventScroll: true })
  }
  // Bokeh builds what changed in promises: look when they are done, and once more a little later.
  const soon = () => {
    setTimeout(restore)
    setTimeout(restore, 60)
    clearTimeout(waiting)
    waiting = setTimeout(late, 400)
  }
  // Not before the page had time to give it elsewhere, such as to what opened what has closed.
  const late = () => {
    restore()
    if (last === undefined || focused() !== null || !document.hasFocus()) return
    const [play] = allIn(document, ".pg-play")
    play?.shadowRoot?.querySelector("button")?.focus({ preventScroll: true })
  }
  const prototype = Object.getPrototypeOf(window.Bokeh.documents[0])
  if (!prototype.keepsFocus) {
    prototype.keepsFocus = true
    const apply = prototype.apply_json_patch
    prototype.apply_json_patch = function (...args) {
      document.dispatchEvent(new Event("pg-changes"))
      const result = apply.apply(this, args)
      document.dispatchEvent(new Event("pg-changed"))
      return result
    }
  }
  const listeners = [
    ["focusin", remember],
    ["keyup", remember],
    ["click", remember],
    ["pg-changes", remember],
    ["pointerdown", press],
    ["click", soon],
    ["keyup", soon],
    ["change", soon],
    ["pg-changed", soon],
  ]
  for (const [kind, call] of listeners) document.addEventListener(kind, call, true)
  model.on("remove", () => {
    for (const [kind, call] of listeners) document.removeEventListener(kind, call, true)
  })
  return document.createElement("span")
}
