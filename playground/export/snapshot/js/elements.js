// Elements of the page.

export function element(tag, properties = {}, ...inner) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...inner)
  return made
}

/** Fill the page's elements with texts by their ids. */
export function tell(texts) {
  for (const [id, text] of Object.entries(texts)) document.getElementById(id).textContent = text
}

/** A loss in three digits. */
export function loss(value) {
  return Number.isFinite(value) ? value.toPrecision(3) : "–"
}
