// Reports a press of the pointer outside what lies over the page, while that is visible.

export function render({ model }) {
  const mark = document.createElement("span")
  const owner = () => {
    for (let node = mark; node; node = node.parentNode ?? node.host) {
      if (node.classList?.contains(model.over)) return node
    }
    return null
  }
  const onPress = (event) => {
    const over = owner()
    if (!over?.checkVisibility()) return
    const isInside = (each) => each === over || each.classList?.contains(model.opener)
    if (!event.composedPath().some(isInside)) model.send_msg("outside")
  }
  document.addEventListener("pointerdown", onPress, true)
  model.on("remove", () => document.removeEventListener("pointerdown", onPress, true))
  return mark
}
