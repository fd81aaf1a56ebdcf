// What the person looking has chosen, and telling everybody when that changes.

export class State {
  /** `moments` is {epochs, weights}: all moments' weights in one array, one moment after another. */
  constructor({epochs, weights}) {
    this.epochs = epochs
    this.size = weights.length / epochs.length
    this.recorded = weights
    this.moment = epochs.length - 1
    this.changes = new Map()
    this.parts = []
    this.moving = 0
  }

  /** The weights of the moment, with the person's own changes. */
  get weights() {
    const start = this.moment * this.size
    const weights = this.recorded.slice(start, start + this.size)
    for (const [place, value] of this.changes) weights[place] = value
    return weights
  }

  get epoch() {
    return this.epochs[this.moment]
  }

  /** Change something, and have all parts shown anew before the next repaint. */
  set(changes = {}) {
    Object.assign(this, changes)
    this.moving = performance.now()
    this.refresh()
  }

  refresh() {
    this.due ??= requestAnimationFrame(() => {
      this.due = undefined
      for (const part of this.parts) part.show()
    })
  }

  /** Whether something has changed a moment ago, and is likely to change again. */
  get busy() {
    return performance.now() - this.moving < SETTLED
  }
}

export const SETTLED = 150
