// Reports the number of each frame to the server once the browser has painted it, and whether anybody
// can see the page.
export function render({ model }) {
  model.on("tick", () => {
    const tick = model.tick
    requestAnimationFrame(() => model.send_msg(tick))
  })
  const tell = () => model.send_msg(document.hidden ? "hidden" : "visible")
  document.addEventListener("visibilitychange", tell)
  model.on("remove", () => document.removeEventListener("visibilitychange", tell))
  model.send_msg(0)
  if (document.hidden) tell()
  return document.createElement("span")
}
