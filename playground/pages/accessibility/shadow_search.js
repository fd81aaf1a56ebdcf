// Finds elements in all shadow roots below another.
function* allIn(root, selector) {
  for (const each of root.querySelectorAll("*")) {
    if (each.matches(selector)) yield each
    if (each.shadowRoot) yield* allIn(each.shadowRoot, selector)
  }
}
