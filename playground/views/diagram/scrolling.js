// Follows the scrolling of the diagram that is in the same card, and brings a part of it into view.

const PLACE = ".pg-scroller"
const OUTPUT = ".pg-boundary"
const MARGIN = 40 // pixels that are seen beside what is scrolled into view

export function render({ model }) {
  const mark = document.createElement("span")
  const card = () => mark.getRootNode().host?.getRootNode().host
  const place = () => card()?.shadowRoot.querySelector(PLACE)
  let scrolled

  const follow = () => card().style.setProperty("--pg-scrolled", `${scrolled.scrollLeft}px`)
  const measure = () => {
    const { clientWidth, clientHeight } = scrolled
    if (clientWidth === 0 || clientHeight === 0) return
    const beside = card().parentNode.querySelector(OUTPUT)?.getBoundingClientRect()
    const isBeside = beside !== undefined && Math.abs(beside.left - card().getBoundingClientRect().right) < 4
    model.send_msg([clientWidth, clientHeight, isBeside])
  }
  const watch = new ResizeObserver(measure)
  const start = (tries = 50) => {
    scrolled = place()
    if (scrolled) {
      scrolled.addEventListener("scroll", follow)
      watch.observe(scrolled)
    } else if (tries > 0) {
      setTimeout(start, 100, tries - 1) // its sibling may be built later
    }
  }
  model.on("shown", () => {
    const [left, right] = model.shown
    if (!scrolled || left === undefined) return
    const { scrollLeft, clientWidth } = scrolled
    if (left - MARGIN < scrollLeft) scrolled.scrollLeft = left - MARGIN
    else if (right + MARGIN > scrollLeft + clientWidth) scrolled.scrollLeft = right + MARGIN - clientWidth
  })
  model.on("remove", () => watch.disconnect())
  start()
  return mark
}
