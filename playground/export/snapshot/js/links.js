// Which links of the diagram are drawn, along which curves, and in which style: as in
// playground/views/diagram.

const BUDGET = 300
const BEND = 0.42
const FADED = 0.16
const MIN_OPACITY = 0.2
const WIDE_WEIGHT = 2 // largest weight of a layer from which on its links are as wide as links can be
const LEAST_WIDTH = 0.35 // share of that width that the strongest link of a layer always has
const SMALLEST_LARGEST = 1e-3

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

/** Width in pixels and opacity of a link, by the share of the layer's largest weight. */
export function linkStyle({link, marked}, weights, largest, maxWidth, focused) {
  const strength = Math.min((Math.abs(weights[link.index]) || 0) / largest[link.layer], 1)
  const growth = Math.min(Math.max(Math.sqrt(largest[link.layer] / WIDE_WEIGHT), LEAST_WIDTH), 1)
  const alpha = MIN_OPACITY + (1 - MIN_OPACITY) * strength
  const shown = marked ? Math.max(alpha, 0.65) : alpha * FADED
  return {width: 0.6 + maxWidth * growth * strength, alpha: focused ? shown : alpha}
}

/** The largest weight of each layer, of the links that are drawn. */
export function largestWeights(drawn, weights) {
  const largest = []
  for (const {link} of drawn) {
    const size = Math.abs(weights[link.index])
    largest[link.layer] = Math.max(largest[link.layer] ?? SMALLEST_LARGEST, Number.isFinite(size) ? size : 0)
  }
  return largest
}

/** The limit of the widths: smaller where many links are drawn. */
export function maxLinkWidth(tile, drawn) {
  const counts = []
  for (const {link} of drawn) counts[link.layer] = (counts[link.layer] ?? 0) + 1
  return Math.max(1.8, tile * Math.min(0.13, 1.2 / Math.sqrt(Math.max(...counts.filter(Boolean), 1))))
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
