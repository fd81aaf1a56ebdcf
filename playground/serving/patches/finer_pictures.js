// Pictures of palette indices made finer: what the indices stand for is interpolated, not their colours. So
// the border between two classes runs where their margins cancel. Between colours it would follow the
// cells, like stairs, wherever a network is sure of itself in two neighbouring cells.

export const FINENESS = 4 // pixels of a cell, along each side

// As in `margin_index` of playground/views/theme.py.
const EASE = 4
const TOP = 40

/** How far pixels are from the centre of the cell before them to the next one's, from 0 to 1. */
const SHARES = Array.from({length: FINENESS}, (_, pixel) => ((pixel + 0.5) / FINENESS + 0.5) % 1)

/** Which of its steps a class has for a margin. */
export function marginStrength(margin, steps) {
  return Math.min(Math.floor((steps * (EASE + TOP) * margin) / (TOP * (EASE + margin))), steps - 1)
}

/** A finer picture of the margins of classes, of indices that `margin_index` made, row by row. */
export function finerMargins(indices, height, width, classes) {
  const steps = Math.floor(256 / classes)
  const winners = Uint8Array.from({length: 256}, (_, index) => Math.min(Math.floor(index / steps), classes - 1))
  const margins = Float64Array.from(winners, (winner, index) => {
    const share = (((index - winner * steps + 0.5) / steps) * TOP) / (EASE + TOP)
    return (EASE * share) / (1 - share)
  })
  const across = width * FINENESS
  const finer = new Uint8Array(height * FINENESS * across)

  // Row by row, a cell's centre to the next one's: there each class has a score at each of the four
  // corners, its margin where it wins, and minus the winner's margin elsewhere.
  const scores = new Float64Array(4 * 4)
  const present = new Uint8Array(4)
  const fill = (corners, top, bottom, left, right) => {
    let count = 0
    for (let corner = 0; corner < 4; corner++) {
      const winner = winners[corners[corner]]
      if (present.subarray(0, count).includes(winner)) continue
      for (let other = 0; other < 4; other++) {
        const margin = margins[corners[other]]
        scores[4 * count + other] = winners[corners[other]] === winner ? margin : -margin
      }
      present[count++] = winner
    }
    for (let row = top; row < bottom; row++) {
      const down = SHARES[row % FINENESS]
      for (let column = left; column < right; column++) {
        const over = SHARES[column % FINENESS]
        let best = -Infinity
        let second = -Infinity
        let leader = 0
        for (let k = 0; k < 4 * count; k += 4) {
          const upper = scores[k] + (scores[k + 1] - scores[k]) * over
          const lower = scores[k + 2] + (scores[k + 3] - scores[k + 2]) * over
          const score = upper + (lower - upper) * down
          if (score > best) {
            second = best
            best = score
            leader = present[k / 4]
          } else if (score > second) second = score
        }
        const margin = count > 1 ? (best - second) / 2 : best
        finer[row * across + column] = leader * steps + marginStrength(margin, steps)
      }
    }
  }

  const corners = [0, 0, 0, 0]
  for (let row = -1; row < height; row++) {
    const [above, below] = [Math.max(row, 0) * width, Math.min(row + 1, height - 1) * width]
    const [top, bottom] = between(row, height)
    for (let column = -1; column < width; column++) {
      const [before, after] = [Math.max(column, 0), Math.min(column + 1, width - 1)]
      const [left, right] = between(column, width)
      corners[0] = indices[above + before]
      corners[1] = indices[above + after]
      corners[2] = indices[below + before]
      corners[3] = indices[below + after]
      if (corners.every((each) => each === corners[0])) {
        for (let line = top; line < bottom; line++) finer.fill(corners[0], line * across + left, line * across + right)
      } else fill(corners, top, bottom, left, right)
    }
  }
  return finer
}

/** First pixel, and the one after the last, between the centres of a cell and of the next; -1 is the edge. */
function between(cell, cells) {
  const first = (cell + 0.5) * FINENESS
  return [Math.max(first, 0), Math.min(first + FINENESS, cells * FINENESS)]
}
