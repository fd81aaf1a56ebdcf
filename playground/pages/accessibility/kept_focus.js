// Bokeh makes a button's element anew when its name or icon changes, and takes elements out of the page
// and puts them back when their siblings change. The focused element is then gone, the focus falls to
// the body, and the next Tab begins at the top of the page. This gives the focus to the element that
// took the place of the lost one, or, where nothing did, as with a button that does its work once, to Play.
// Example: a `pn.widgets.Button` whose `on_click` changes its `name`; focus it and press Enter.

const FOCUSABLE = "button, input, select, textarea, summary, a[href], [tabindex]"

const nameOf = (element) => element.getAttribute("aria-label") ?? element.textContent.trim()
const candidates = (root) => [...root.querySelectorAll(FOCUSABLE)].filter((each) => !each.disabled)

const ownClasses = (host) => [...host.classList].filter((each) => each.startsWith("pg-"))
// The document's, for the choice of pages is made anew with each page that is opened.
const memory = (document.pgFocus ??= {}) // last: the element that has the focus, or has lost it, and its place

export function render({ model }) {
  let waiting

  // Not by focusin alone, which stays within a shadow root when the focus does.
  const remember = () => {
    const element = focusedElement()
    if (element === null || element === memory.last?.element) return
    const { host } = element.getRootNode()
    const number = host && candidates(host.shadowRoot).indexOf(element)
    memory.last = host && { element, host, number, name: nameOf(element), classes: ownClasses(host) }
  }
  // A press elsewhere takes the focus on purpose.
  const press = (event) => {
    if (memory.last !== undefined && !event.composedPath().includes(memory.last.host)) memory.last = undefined
  }
  // On a page that has taken the place of another one: what is called the same in a box of the same kind.
  const successor = ({ name, classes }) => {
    const boxes = classes.length ? [...allIn(document, `.${classes.join(".")}`)] : []
    return boxes.flatMap((each) => candidates(each.shadowRoot)).find((each) => nameOf(each) === name)
  }
  const restore = () => {
    if (memory.last === undefined || focusedElement() !== null || !document.hasFocus()) return
    const { element, host, number, name } = memory.last
    if (element.isConnected && element.getClientRects().length) {
      element.focus({ preventScroll: true })
      return
    }
    if (!host.isConnected) {
      successor(memory.last)?.focus({ preventScroll: true })
      return
    }
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
    if (memory.last === undefined || focusedElement() !== null || !document.hasFocus()) return
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
  soon() // when this page has taken the place of another one
  return document.createElement("span")
}
