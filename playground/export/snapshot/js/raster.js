// Rasterises ink as playground/ink/raster.py does, rounding included, so that a network is given
// the very same bytes.

const round = Math.fround
const MAX_LENGTH = 1.5 // pixels; longer segments are cut

/** Straight pieces {x0, y0, x1, y1} of polylines of points [x, y]. */
export function pieces(lines) {
  return lines.flatMap((line) => {
    const starts = line.length > 1 ? line.slice(0, -1) : line
    return starts.map(([x0, y0], place) => {
      const [x1, y1] = line[Math.min(place + 1, line.length - 1)]
      return {x0, y0, x1, y1}
    })
  })
}

/** The same ink in pieces no longer than `MAX_LENGTH`. */
function cut(ink) {
  return ink.flatMap(({x0, y0, x1, y1}) => {
    const parts = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / MAX_LENGTH))
    const [dx, dy] = [(x1 - x0) / parts, (y1 - y0) / parts]
    return Array.from({length: parts}, (_, part) => {
      const [x, y] = [x0 + dx * part, y0 + dy * part]
      return {x0: x, y0: y, x1: x + dx, y1: y + dy}
    })
  })
}

/** How much of each pixel a pen of some width covers, from 0 to 1; `fine` samples a side. */
export function coverage(ink, width, side, fine) {
  const short = cut(ink)
  const longest = Math.max(...short.flatMap(({x0, y0, x1, y1}) => [Math.abs(x1 - x0), Math.abs(y1 - y0)]))
  const window = Math.ceil((width + longest) * fine) + 2
  const frame = side * fine + 2 * window
  const samples = new Float32Array(frame * frame)
  const place = (value) => round(value * fine + window)
  for (const {x0, y0, x1, y1} of short) {
    stamp(samples, frame, [place(x0), place(y0)], [place(x1), place(y1)], round((width * fine) / 2), window)
  }
  return averaged(samples, frame, window, side, fine)
}

/** Raise the ink around one piece to what the piece covers. */
function stamp(samples, frame, start, end, radius, window) {
  const corner = start.map((value, axis) =>
    Math.floor(round(round(Math.min(value, end[axis]) - radius) - 0.5)),
  )
  const way = start.map((value, axis) => round(end[axis] - value))
  const squared = round(round(way[0] * way[0]) + round(way[1] * way[1]))
  const pull = way.map((value) => round(value / Math.max(squared, round(1e-12))))
  const reach = round(radius + 0.5)
  const [low, high] = [Math.max(0, -corner[1]), Math.min(window, frame - corner[1])]
  for (let row = low; row < high; row++) {
    const offY = round(round(corner[1] + row + 0.5) - start[1])
    const alongY = round(offY * pull[1])
    for (let column = Math.max(0, -corner[0]); column < Math.min(window, frame - corner[0]); column++) {
      const offX = round(round(corner[0] + column + 0.5) - start[0])
      const share = Math.min(1, Math.max(0, round(alongY + round(offX * pull[0]))))
      const dx = round(offX - round(share * way[0]))
      const dy = round(offY - round(share * way[1]))
      const distance = round(Math.sqrt(round(round(dx * dx) + round(dy * dy))))
      const ink = Math.min(1, Math.max(0, round(reach - distance)))
      const at = (corner[1] + row) * frame + corner[0] + column
      if (ink > samples[at]) samples[at] = ink
    }
  }
}

/** Means of squares of samples, without the margin around the page. */
function averaged(samples, frame, margin, side, fine) {
  const pixels = new Float32Array(side * side)
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    const top = margin + Math.floor(pixel / side) * fine
    const left = margin + (pixel % side) * fine
    let total = 0
    for (let row = top; row < top + fine; row++) {
      let line = 0
      for (let column = left; column < left + fine; column++) line = round(line + samples[row * frame + column])
      total = round(total + line)
    }
    pixels[pixel] = round(total / (fine * fine))
  }
  return pixels
}
