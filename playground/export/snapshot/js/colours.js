// Values as indices into palettes of 256 colours, as in playground/views/theme.py.

import {clamp} from "./numbers.js"

const STEPS = 256

/** Index into the diverging palette of a value between -limit and limit; NaN is shown as zero. */
export function valueIndex(value, limit) {
  const scaled = Number.isNaN(value) ? 0 : value / limit
  return clamp(Math.floor((scaled * (STEPS - 1)) / 2 + STEPS / 2), 0, STEPS - 1)
}

/**
 * Indices into the blended palette for probabilities, one column a class: the likeliest gives the
 * hue, and its lead over the second the strength.
 */
export function classIndices(shares, discretise) {
  const run = Math.floor(STEPS / shares.length)
  return Uint8Array.from(shares[0], (_, row) => {
    let best = shares[0][row]
    let second = 0
    let likeliest = 0
    for (let k = 1; k < shares.length; k++) {
      const share = shares[k][row]
      if (share > best) likeliest = k
      second = Math.max(second, Math.min(best, share))
      best = Math.max(best, share)
    }
    const lead = discretise ? 1 : best - second || 0
    return likeliest * run + Math.floor(lead * (run - 1) + 0.5)
  })
}

/** A palette of hex colours as pixels, for `paintIndices`. */
export function pixels(palette) {
  const bytes = palette.flatMap((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).concat(255))
  return new Uint32Array(Uint8Array.from(bytes).buffer)
}

const scratch = new OffscreenCanvas(1, 1)

/** A picture of palette indices as a canvas, which another canvas can draw. */
export function paintIndices(indices, width, height, palette) {
  const image = new ImageData(width, height)
  const cells = new Uint32Array(image.data.buffer)
  for (let cell = 0; cell < cells.length; cell++) cells[cell] = palette[indices[cell]]
  Object.assign(scratch, {width, height})
  scratch.getContext("2d").putImageData(image, 0, 0)
  return scratch
}
