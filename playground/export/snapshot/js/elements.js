// Elements of the document.

export function element(tag, properties = {}, ...inner) {
  const created = Object.assign(document.createElement(tag), properties)
  created.append(...inner)
  return created
}

/** Set the texts of elements by their ids. */
export function setTexts(texts) {
  for (const [id, text] of Object.entries(texts)) document.getElementById(id).textContent = text
}

/** A loss with three significant digits. */
export function lossText(value) {
  return Number.isFinite(value) ? value.toPrecision(3) : "–"
}
