// The tiles that pupil_tiles.py describes. Names come from people: they are inserted as text.

const PLACES = ["name", "result", "help", "state", "epoch", "reason", "task"]
const FEW = 12 // as many have room for large pictures

function newTile(open) {
  const tile = document.createElement("button")
  tile.type = "button"
  const picture = document.createElement("img")
  picture.className = "picture"
  picture.alt = ""
  const words = document.createElement("span")
  words.className = "words"
  const places = Object.fromEntries(
    PLACES.map((each) => {
      const place = document.createElement("span")
      place.className = each
      return [each, place]
    }),
  )
  words.append(...Object.values(places))
  tile.append(picture, words)
  tile.addEventListener("click", open)
  return { tile, picture, places, shows: {} }
}

function show({ tile, picture, places, shows }) {
  for (const each of PLACES) places[each].textContent = shows[each] ?? ""
  places.state.textContent = shows.activity
  tile.title = [shows.task, shows.score, shows.reason].filter(Boolean).join("\n")
  const states = ["chosen", "shown"].filter((each) => shows[each])
  tile.className = ["tile", shows.activity, shows.help && "asks", ...states].filter(Boolean).join(" ")
  tile.setAttribute("aria-pressed", String(Boolean(shows.chosen)))
  picture.hidden = !shows.picture
  if (shows.picture && picture.src !== shows.picture) picture.src = shows.picture
}

export function render({ model }) {
  const grid = document.createElement("div")
  const tiles = new Map()

  // What a tile opens stands above all of them, often out of sight: it is shown, and has the focus until
  // it is closed.
  let opened
  let last
  function open(id) {
    last = id
    if (opened === undefined) {
      opened = grid.getRootNode().host.getRootNode().querySelector(".pg-class-opened")
      opened.tabIndex = -1
      let height = 0
      new ResizeObserver(() => {
        const before = height
        height = opened.clientHeight
        if (before === 0 && height > 0) {
          opened.scrollIntoView({ block: "nearest" })
          opened.focus({ preventScroll: true })
        } else if (before > 0 && height === 0) tiles.get(last)?.tile.focus()
      }).observe(opened)
    }
    model.send_msg({ open: id })
  }

  function update() {
    const { ids = [], tiles: changes = {} } = model.changes
    for (const [id, { tile }] of tiles) {
      if (!ids.includes(id)) {
        tile.remove()
        tiles.delete(id)
      }
    }
    for (const id of ids) {
      if (!tiles.has(id)) tiles.set(id, newTile(() => open(id)))
      const { tile } = tiles.get(id)
      if (tile.parentNode === null) grid.append(tile)
    }
    for (const [id, change] of Object.entries(changes)) {
      const each = tiles.get(id)
      Object.assign(each.shows, change)
      show(each)
    }
    grid.className = ids.length > FEW ? "tiles many" : "tiles"
  }

  model.on("changes", update)
  update()
  // A browser that has lost its connection and come back knows only what has changed last.
  if ([...tiles.values()].some(({ shows }) => shows.name === undefined)) model.send_msg("begin")
  return grid
}
