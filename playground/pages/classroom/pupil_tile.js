// A tile that pupil_tile.py describes. Names come from people: they are inserted as text.

const WORDS = ["task", "score", "reason"]

function newElement(kind, className) {
  const element = document.createElement(kind)
  element.className = className
  return element
}

export function render({ model }) {
  const tile = newElement("button", "tile")
  tile.type = "button"
  const picture = newElement("img", "picture")
  picture.alt = ""
  const name = newElement("b", "name")
  const state = newElement("span", "state")
  const words = Object.fromEntries(WORDS.map((each) => [each, newElement("span", each)]))
  const box = newElement("span", "words")
  box.append(name, state, ...Object.values(words))
  tile.append(picture, box)
  tile.addEventListener("click", () => model.send_msg("open"))

  function show() {
    name.textContent = model.nickname
    const { activity = "paused", help = "", reason = "" } = model.state
    state.textContent = [help, activity].filter(Boolean).join(" · ")
    for (const each of WORDS) words[each].textContent = model.state[each] ?? ""
    tile.title = reason
    tile.className = ["tile", activity, help && "help", model.chosen && "chosen"].filter(Boolean).join(" ")
    tile.setAttribute("aria-pressed", String(model.chosen))
  }

  function showPicture() {
    picture.hidden = model.picture === ""
    if (model.picture !== "") picture.src = model.picture
  }

  for (const each of ["nickname", "state", "chosen"]) model.on(each, show)
  model.on("picture", showPicture)
  show()
  showPicture()
  return tile
}
