// Switches for the inputs of a gate with the network's prediction, and the truth table.

import {element} from "./elements.js"
import {argmax} from "./numbers.js"

export class TruthTable {
  /** `gate` is {rows, answers}. */
  constructor(lab, {rows, answers}) {
    Object.assign(this, {lab, rows, answers})
    this.columns = rows[0].map((_, input) => Float32Array.from(rows, (row) => row[input]))
    lab.switches = lab.plane.pins.map((pin, input) => (lab.plane.axes.includes(input) ? 0 : pin))
    this.fill()
  }

  fill() {
    const {inputs} = this.lab.data
    this.buttons = inputs.map((name, input) => {
      const button = element("button", {className: "switch", onclick: () => this.toggle(input)})
      button.append(element("span", {textContent: name}), element("i", {}))
      return button
    })
    document.querySelector("#switches").append(...this.buttons)
    const body = document.querySelector("#rows")
    const head = element("tr", {})
    head.append(...[...inputs, "target", "network"].map((text) => element("th", {textContent: text})))
    body.append(head)
    this.cells = this.rows.map((row, number) => {
      const line = element("tr", {onclick: () => this.set(row)})
      line.append(...row.map((bit) => element("td", {textContent: bit})))
      const target = element("td", {className: "target"})
      const prediction = element("td", {className: "prediction"})
      target.append(this.lab.badge(this.answers[number]))
      line.append(target, prediction)
      body.append(line)
      return {line, prediction}
    })
  }

  toggle(input) {
    this.set(this.lab.switches.map((bit, place) => (place === input ? Number(bit < 0.5) : bit)))
  }

  /** Set all switches; those on neither axis select the slice that is drawn. */
  set(bits) {
    const {plane} = this.lab
    this.lab.switches = [...bits]
    plane.pins = plane.pins.map((pin, input) => (plane.axes.includes(input) ? pin : bits[input]))
    this.lab.state.set()
  }

  show() {
    const {lab} = this
    const {network, state, switches} = lab
    this.buttons.forEach((button, input) => {
      button.ariaPressed = String(switches[input] >= 0.5)
      button.lastChild.textContent = String(Math.round(switches[input] * 100) / 100)
    })
    document.querySelector("#answer").replaceChildren(
      "→ ", ...lab.predictionElements(switches.map((bit) => Float32Array.of(bit))))
    const predictions = network.predict(state.weights, this.columns)
    let correctCount = 0
    this.cells.forEach(({line, prediction}, row) => {
      const correct = argmax(predictions.map((column) => column[row])) === this.answers[row]
      correctCount += correct
      const mark = element("b", {className: correct ? "right" : "wrong", textContent: correct ? "✓ " : "✗ "})
      prediction.replaceChildren(mark, ...lab.predictionElements(this.rows[row].map((bit) => Float32Array.of(bit)), 1))
      line.classList.toggle("here", this.rows[row].every((bit, input) => bit === switches[input]))
    })
    const {length} = this.rows
    document.querySelector("#learned").textContent = `${correctCount} of ${length} rows right.`
  }
}
