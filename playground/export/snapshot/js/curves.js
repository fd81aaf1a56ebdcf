// Learning curves with a cursor at the checkpoint that is shown.

import {nearest} from "./numbers.js"

export class Curves {
  /** A click on the curves moves `transport` to the nearest checkpoint. */
  constructor(state, plot, transport) {
    Object.assign(this, {state, plot})
    plot.figure.on_event("tap", ({x}) => transport.go(nearest(state.epochs, x)))
  }

  show() {
    const {cursor, y_range: {start, end}} = this.plot
    const {epoch} = this.state
    cursor.data = {x0: [epoch], y0: [start], x1: [epoch], y1: [end]}
  }
}
