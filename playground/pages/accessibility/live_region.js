// An element of its own that stays: a screen reader reads out only what changes in one that it knows.
function liveRegion(model) {
  const region = document.createElement("div")
  region.setAttribute("role", "status")
  region.setAttribute("aria-live", "polite")
  region.style.cssText =
    "position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap"
  const show = () => { region.textContent = model.text }
  model.on("text", show)
  show()
  return region
}
