// Which links of the diagram are drawn, along which curves, and in which style: as in
// playground/views/diagram.

const BUDGET = 300
const BEND = 0.42
const FADED = 0.16

/** All links of a network, as {layer, unit, source, index}; `index` is that of the weight. */
export function links(dense) {
  return dense.layers.map(({units, fanIn}, layer) =>
    Array.from({length: units * fanIn}, (_, number) => {
      const ref = {layer, unit: Math.floor(number / fanIn), source: number % fanIn}
      return {...ref, index: dense.index(ref)}
    }),
  )
}

/** The strongest links of each layer, and all that touch what is in focus. */
export function visibleLinks(layers, weights, focus) {
  const shares = fairShares(layers.map(({length}) => length), BUDGET)
  return layers.flatMap((all, layer) => {
    const marked = new Set(all.filter((link) => focus.some((ref) => touches(link, ref))))
    if (all.length <= shares[layer]) return all.map((link) => ({link, marked: marked.has(link)}))
    const strength = (link) => (marked.has(link) ? Infinity : Math.abs(weights[link.index]) || 0)
    const sorted = [...all].sort((one, other) => strength(other) - strength(one))
    const strongest = sorted.slice(0, Math.max(shares[layer], marked.size))
    return strongest.map((link) => ({link, marked: marked.has(link)}))
  })
}

/** Split a budget into equal shares, of which none exceeds its size. */
function fairShares(sizes, budget) {
  const shares = sizes.map(() => 0)
  const ascending = [...sizes.keys()].sort((one, other) => sizes[one] - sizes[other])
  ascending.forEach((index, position) => {
    shares[index] = Math.min(sizes[index], Math.floor(budget / (ascending.length - position)))
    budget -= shares[index]
  })
  return shares
}

function touches({layer, unit, source}, ref) {
  if (typeof ref.source === "number") {
    return layer === ref.layer && unit === ref.unit && source === ref.source
  }
  if (layer === ref.layer) return unit === ref.unit
  return layer === ref.layer + 1 && source === ref.unit
}

/** Width in pixels and opacity of a link. */
export function linkStyle({link, marked}, weights, maxWidth, focused) {
  const size = Math.min(Math.abs(weights[link.index]) || 0, 1e30)
  const strength = size / (1 + size)
  const alpha = 0.08 + 0.92 * strength ** 1.5
  const shown = marked ? Math.max(alpha, 0.65) : alpha * FADED
  return {width: 0.5 + maxWidth * strength, alpha: focused ? shown : alpha}
}

/** The limit of the widths: smaller where many links are drawn. */
export function maxLinkWidth(tile, drawn) {
  const counts = []
  for (const {link} of drawn) counts[link.layer] = (counts[link.layer] ?? 0) + 1
  return Math.max(1.4, tile * Math.min(0.15, 1 / Math.sqrt(Math.max(...counts.filter(Boolean), 1))))
}

/** The curve of a link: from tile to tile if it is marked, else from block to block. */
export function linkPath(layout, {link: {layer, unit, source}, marked}) {
  const start = layout.starts[layer] + source
  const end = layout.starts[layer + 1] + unit
  const right = layout.rights[layer]
  const left = layout.lefts[layer + 1]
  const bend = BEND * (left - right)
  const heights = marked ? layout.y : layout.port
  const [x0, x1] = marked
    ? [layout.x[start] + layout.tile / 2, layout.x[end] - layout.tile / 2]
    : [right, left]
  const [y0, y1] = [layout.size[1] - heights[start], layout.size[1] - heights[end]]
  const path = new Path2D()
  path.moveTo(x0, y0)
  path.bezierCurveTo(right + bend, y0, left - bend, y1, x1, y1)
  return path
}
