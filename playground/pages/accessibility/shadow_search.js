// Finds elements in all shadow roots below another.
function* allIn(root, selector) {
  for (const each of root.querySelectorAll("*")) {
    if (each.matches(selector)) yield each
    if (each.shadowRoot) yield* allIn(each.shadowRoot, selector)
  }
}
// The element that has the focus, in whatever shadow root; null where none has.
function focusedElement() {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active === document.body || active === document.documentElement ? null : active
}
