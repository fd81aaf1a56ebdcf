// The state of a snapshot: checkpoint, selection, changed weights; views are redrawn when it changes.

export class State {
  /** Takes the epochs of the checkpoints, and their weights in one array, one after another. */
  constructor({epochs, weights}) {
    this.epochs = epochs
    this.size = weights.length / epochs.length
    this.recorded = weights
    this.checkpoint = epochs.length - 1
    this.changes = new Map()
    this.views = []
    this.lastChange = 0
  }

  /** The weights of the checkpoint, with those changed by hand. */
  get weights() {
    const start = this.checkpoint * this.size
    const weights = this.recorded.slice(start, start + this.size)
    for (const [place, value] of this.changes) weights[place] = value
    return weights
  }

  get epoch() {
    return this.epochs[this.checkpoint]
  }

  /** Change properties, and redraw all views before the next repaint. */
  set(changes = {}) {
    Object.assign(this, changes)
    this.lastChange = performance.now()
    this.refresh()
  }

  refresh() {
    this.due ??= requestAnimationFrame(() => {
      this.due = undefined
      for (const view of this.views) view.show()
    })
  }

  /** Whether something has just changed, so that it is likely to change again. */
  get busy() {
    return performance.now() - this.lastChange < SETTLED
  }
}

export const SETTLED = 150
