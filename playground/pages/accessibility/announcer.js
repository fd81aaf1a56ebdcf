export function render({ model }) {
  return liveRegion(model)
}
