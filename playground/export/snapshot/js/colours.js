// Values as indices into palettes of 256 colours, as in playground/views/theme.py.

import {marginStrength} from "./finer_pictures.js"
import {clamp} from "./numbers.js"

const STEPS = 256

/** Index into the diverging palette of a value between -limit and limit; NaN is shown as zero. */
export function valueIndex(value, limit) {
  const scaled = Number.isNaN(value) ? 0 : value / limit
  return clamp(Math.floor((scaled * (STEPS - 1)) / 2 + STEPS / 2), 0, STEPS - 1)
}

/**
 * Indices for probabilities, one column a class: the likeliest gives the hue, and the log-odds of its
 * lead over the second the strength; `finerMargins` can interpolate them.
 */
export function marginIndices(shares) {
  const steps = Math.floor(STEPS / shares.length)
  return Uint8Array.from(shares[0], (best, row) => {
    let second = 0
    let others = 0
    let likeliest = 0
    for (let k = 1; k < shares.length; k++) {
      const share = shares[k][row]
      if (share > best) likeliest = k
      const lower = Math.min(best, share)
      second = Math.max(second, lower)
      others += lower
      best = Math.max(best, share)
    }
    const gap = Number.isNaN(best) ? 1 : clamp(second + others, 1e-18, 1)
    return likeliest * steps + marginStrength(Math.log((2 - gap) / gap), steps)
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
