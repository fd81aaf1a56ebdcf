// Layers, neurons and weights as native fields. A neuron's fields are made when it is opened.

function newElement(kind, className, ...children) {
  const element = document.createElement(kind)
  element.className = className
  element.append(...children)
  return element
}

export function render({ model }) {
  const list = newElement("details", "list", newElement("summary", "", "Network as a list"))
  const layers = newElement("div", "")
  const refused = newElement("p", "refused")
  refused.setAttribute("role", "alert")
  list.append(refused, layers)
  const open = new Set() // keys of the layers and neurons that are open
  const shown = new Map() // the fields of each neuron that is open, by its key

  function tell() {
    const units = list.open ? [...shown.keys()].map((key) => key.split(",").map(Number)) : []
    model.send_msg({ open: units })
  }

  function weight(name, ref) {
    const label = ref[2] === null ? `bias of ${name}` : `weight from ${model.levels[ref[0]][ref[2]]} to ${name}`
    const number = newElement("input", "")
    Object.assign(number, { type: "number", step: "0.1", min: -model.limit, max: model.limit })
    number.setAttribute("aria-label", label)
    number.addEventListener("input", () => { number.dataset.typed = "" })
    number.addEventListener("change", () => {
      delete number.dataset.typed
      refused.textContent = ""
      model.send_msg({ ref, value: Number.isNaN(number.valueAsNumber) ? null : number.valueAsNumber })
    })
    const box = newElement("input", "")
    box.type = "checkbox"
    box.setAttribute("aria-label", `freeze ${label}`)
    box.addEventListener("change", () => model.send_msg({ ref, frozen: box.checked }))
    const source = ref[2] === null ? "bias" : `from ${model.levels[ref[0]][ref[2]]}`
    const row = newElement("div", "weight", newElement("span", "", source), number, newElement("label", "", box, "freeze"))
    return { row, number, box }
  }

  function fill() {
    for (const [key, fields] of shown) {
      const values = model.values[key]
      if (values === undefined) continue
      fields.forEach(({ number, box }, place) => {
        // What is being typed is not overwritten.
        if (!("typed" in number.dataset)) number.value = values.weights[place] ?? ""
        box.checked = values.frozen[place]
      })
    }
  }

  // What is made when it is opened, and forgotten with all inside when it is closed.
  function fold(key, title, build) {
    const details = newElement("details", "", newElement("summary", "", title))
    details.addEventListener("toggle", () => {
      if (details.open === open.has(key)) return
      if (details.open) {
        open.add(key)
        details.append(...build())
      } else {
        open.delete(key)
        for (const unit of shown.keys()) if (unit === key || unit.startsWith(`${key},`)) shown.delete(unit)
        details.replaceChildren(details.firstChild)
      }
      tell()
    })
    if (open.has(key)) {
      details.append(...build())
      details.open = true
    }
    return details
  }

  function neuron(layer, unit) {
    const key = `${layer},${unit}`
    const name = model.levels[layer + 1][unit]
    return fold(key, name, () => {
      const sources = [...model.levels[layer].keys(), null]
      const fields = sources.map((source) => weight(name, [layer, unit, source]))
      shown.set(key, fields)
      return fields.map(({ row }) => row)
    })
  }

  function layer(number) {
    const names = model.levels[number + 1]
    const count = `${names.length} neuron${names.length === 1 ? "" : "s"}`
    const title = number === model.levels.length - 2 ? "Output" : `Layer ${number + 1}: ${count}`
    return fold(String(number), title, () => names.map((_name, unit) => neuron(number, unit)))
  }

  function show() {
    shown.clear()
    layers.replaceChildren(...model.levels.slice(1).map((_names, number) => layer(number)))
    if (list.open) {
      tell()
      fill()
    }
  }

  list.addEventListener("toggle", tell)
  model.on("levels", show)
  model.on("values", fill)
  model.on("msg:custom", ({ refused: sentence }) => {
    refused.textContent = sentence
    fill()
  })
  show()
  return list
}
