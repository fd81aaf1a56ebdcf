// Pen strokes as 28×28 bytes in the layout of MNIST, as in playground/ink (mnist_picture.py,
// stray_taps.py, mnist_layout.py). Strokes are lists of points [x, y] on a unit canvas, y downwards.

import {coverage, pieces} from "./raster.js"

export const SIDE = 28
const BOX = 20
const CENTRE = 14.5
const WIDTH = 2
const DOT = 0.02 // of the canvas: the size of the mark of a tap
const MIN_STROKE = 0.05 // of the drawing: no stroke of a digit is shorter
const MAX_DISTANCE = 0.1 // of the rest of the drawing: ink that close belongs to it

/** 28×28 bytes, 255 is ink; null for an empty drawing or a dot. */
export function mnistPicture(strokes) {
  const lines = withoutTaps(strokes.filter((line) => line.length))
  if (!lines.length) return null
  const {low, size} = extent(lines.flat())
  if (size < DOT) return null
  const scale = BOX / size
  const pixels = lines.map((line) => thinned(line.map((point) => point.map((at, axis) => (at - low[axis]) * scale))))
  return Uint8Array.from(coverage(placed(pieces(pixels)), WIDTH, SIDE, 4), halfToEven)
}

function halfToEven(share) {
  const value = Math.fround(share * 255)
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 ? below + 1 : below
}

/** Least and greatest coordinates of points, and the longer side of their box. */
function extent(points) {
  const low = [0, 1].map((axis) => points.reduce((least, point) => Math.min(least, point[axis]), Infinity))
  const high = [0, 1].map((axis) => points.reduce((most, point) => Math.max(most, point[axis]), -Infinity))
  return {low, high, size: Math.max(high[0] - low[0], high[1] - low[1])}
}

/** Leave out dots that lie apart from the rest of the drawing. */
function withoutTaps(lines) {
  const boxes = lines.map(extent)
  const largest = Math.max(...boxes.map(({size}) => size))
  const large = boxes.map(({size}) => size >= MIN_STROKE * largest)
  const main = extent(lines.filter((_, number) => large[number]).flat())
  const margin = MAX_DISTANCE * main.size
  const near = ({low, high}) =>
    [0, 1].every((axis) => high[axis] >= main.low[axis] - margin && low[axis] <= main.high[axis] + margin)
  return lines.filter((_, number) => large[number] || near(boxes[number]))
}

/** Keep one point for each sixteenth of a pixel along the stroke, and the last one. */
function thinned(line) {
  let travel = 0
  let lastStep = -1
  return line.filter(([x, y], place) => {
    const [before, above] = line[Math.max(place - 1, 0)]
    travel += Math.hypot(x - before, y - above)
    const step = Math.floor(travel * 16)
    const keep = step > lastStep || place === line.length - 1
    lastStep = step
    return keep
  })
}

/** Scale ink into a 20×20 box, and move its centre of mass to the middle of the picture. */
function placed(ink) {
  const {low, high, size} = extent(ink.flatMap(({x0, y0, x1, y1}) => [[x0, y0], [x1, y1]]))
  const scale = (BOX - WIDTH) / size
  const middle = moved(ink, scale, low.map((least, axis) => SIDE / 2 - ((least + high[axis]) / 2) * scale))
  const mass = centre(coverage(middle, WIDTH, SIDE, 1))
  const shift = mass.map((at, axis) => {
    const room = SIDE / 2 - ((high[axis] - low[axis]) / 2) * scale - WIDTH / 2
    return Math.min(room, Math.max(-room, CENTRE - at))
  })
  return moved(middle, 1, shift)
}

function moved(ink, scale, [across, down]) {
  return ink.map(({x0, y0, x1, y1}) => ({
    x0: x0 * scale + across,
    y0: y0 * scale + down,
    x1: x1 * scale + across,
    y1: y1 * scale + down,
  }))
}

/** The centre of mass (x, y) of a picture, from its upper left corner. */
function centre(picture) {
  let [total, across, down] = [0, 0, 0]
  picture.forEach((ink, pixel) => {
    total += ink
    across += ink * ((pixel % SIDE) + 0.5)
    down += ink * (Math.floor(pixel / SIDE) + 0.5)
  })
  return [across / total, down / total]
}
