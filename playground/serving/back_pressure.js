// Reports the number of each frame to the server once the browser has painted it.
export function render({ model }) {
  model.on("tick", () => {
    const tick = model.tick
    requestAnimationFrame(() => model.send_msg(tick))
  })
  model.send_msg(0)
  return document.createElement("span")
}
