// Shows the rows that run_list.py makes. Names come from people: they are inserted as text.

const SVG = "http://www.w3.org/2000/svg"

function newElement(kind, className, text = "") {
  const element = document.createElement(kind)
  element.className = className
  element.textContent = text
  return element
}

function picture(row) {
  if (row.picture === "") return newElement("span", "picture")
  const image = newElement("img", "picture")
  image.src = row.picture
  image.alt = ""
  return image
}

function curve(row) {
  const svg = document.createElementNS(SVG, "svg")
  svg.setAttribute("viewBox", "0 0 64 22")
  svg.setAttribute("aria-hidden", "true")
  const line = document.createElementNS(SVG, "polyline")
  line.setAttribute("points", row.curve)
  svg.append(line)
  return svg
}

function savedText(row) {
  const saved = new Date(row.saved)
  const today = saved.toDateString() === new Date().toDateString()
  return today ? saved.toLocaleTimeString([], { timeStyle: "short" }) : saved.toLocaleDateString()
}

function description(row) {
  const box = newElement("span", "words")
  box.append(...[row.about, row.score].map((text) => newElement("span", "", text)))
  box.prepend(newElement("b", "", row.name))
  return box
}

export function render({ model }) {
  const list = newElement("ul", "runs")

  function tick(row) {
    const box = newElement("input", "")
    box.type = "checkbox"
    box.checked = row.id in model.colours
    box.disabled = row.broken
    box.setAttribute("aria-label", `Compare ${row.name}`)
    box.addEventListener("change", () => model.send_msg({ compare: row.id, wanted: box.checked }))
    return box
  }

  function item(row) {
    const each = newElement("li", row.broken ? "broken" : "")
    const button = newElement("button", row.id === model.chosen ? "chosen" : "")
    button.type = "button"
    button.setAttribute("aria-pressed", String(row.id === model.chosen))
    const past = newElement("span", "past")
    past.append(curve(row), newElement("span", "", savedText(row)))
    button.append(picture(row), description(row), past)
    button.addEventListener("click", () => model.send_msg({ choose: row.id }))
    if (row.id in model.colours) each.style.setProperty("--own", `var(--pg-class-${model.colours[row.id]})`)
    each.append(tick(row), button)
    return each
  }

  function show() {
    const focused = list.getRootNode().activeElement
    const place = [...list.querySelectorAll("button, input")].indexOf(focused)
    list.replaceChildren(...model.rows.map(item))
    if (place >= 0) list.querySelectorAll("button, input")[place]?.focus()
  }

  // With this message Python undoes a tick, when there is no colour left.
  model.on("msg:custom", show)
  for (const name of ["rows", "chosen", "colours"]) model.on(name, show)
  show()
  return list
}
