// Names, roles and keys that Bokeh's and Panel's components lack, set on those that are there and on
// those to come. Where another version has no such internals, that part is skipped and nothing breaks.

const GROUP_NAME = "name: "

// A slider's title is no label of its handle, and the handle tells the raw value, not the one shown.
function nameSlider(view) {
  const shown = view.title_el?.querySelector(".bk-slider-value")?.textContent
  for (const handle of view.slider_el?.querySelectorAll(".noUi-handle") ?? []) {
    handle.setAttribute("aria-label", view.model.title ?? "")
    if (shown) handle.setAttribute("aria-valuetext", shown)
  }
}

// The label of a checkbox stands beside it without belonging to it.
function nameCheckbox(view) {
  view.checkbox_el?.setAttribute("aria-label", view.model.label)
}

function nameGroup(element, model) {
  const name = model.tags.find((tag) => String(tag).startsWith(GROUP_NAME))
  if (name === undefined) return
  element.setAttribute("role", "group")
  element.setAttribute("aria-label", name.slice(GROUP_NAME.length))
}

// Only its colour shows which button of a group is chosen.
function describeGroup(view) {
  for (const button of view._buttons ?? []) {
    button.setAttribute("aria-pressed", String(button.classList.contains("bk-active")))
  }
  const group = view.shadow_el.querySelector(".bk-btn-group")
  if (group !== null) nameGroup(group, view.model)
}

// The arrows beside a number have no names, and the keys of the same name do as they do.
function hideSpinButtons(view) {
  for (const button of view.shadow_el.querySelectorAll(".bk-spin-btn")) {
    button.tabIndex = -1
    button.setAttribute("aria-hidden", "true")
  }
}

function describeCard(view) {
  view.shadow_el.querySelector("button")?.setAttribute("aria-expanded", String(!view.model.collapsed))
}

// Tabs can be focused, all of them, and take no key.
function describeTabs(view) {
  const { header_els, headers_wrapper_el, child_views, model } = view
  if (header_els === undefined) return
  headers_wrapper_el.setAttribute("role", "tablist")
  header_els.forEach((tab, number) => {
    tab.setAttribute("role", "tab")
    tab.setAttribute("aria-selected", String(number === model.active))
    tab.tabIndex = number === model.active ? 0 : -1
    tab.onkeydown = (event) => {
      const last = header_els.length - 1
      const targets = { ArrowLeft: number - 1, ArrowRight: number + 1, Home: 0, End: last }
      const target = targets[event.key] ?? (["Enter", " "].includes(event.key) ? number : undefined)
      if (target === undefined) return
      event.preventDefault()
      event.stopPropagation()
      const next = header_els[(target + last + 1) % (last + 1)]
      next.click()
      next.focus()
    }
  })
  child_views.forEach((child, number) => {
    child?.el.setAttribute("role", "tabpanel")
    child?.el.setAttribute("aria-label", model.tabs[number]?.title ?? "")
  })
}

// Enter does nothing in a password: it presses the button beside it, as in any form.
function submitPassword(view) {
  view.input_el?.addEventListener("keyup", (event) => {
    if (event.key !== "Enter") return
    const beside = [...view.el.parentNode.children].map((each) => each.shadowRoot?.querySelector("button.bk-btn"))
    beside.find(Boolean)?.click()
  })
}

// Each figure can be focused, where no key does anything. Its description is on its element.
function describeFigure(view) {
  const { html_attributes } = view.model
  if (Object.keys(html_attributes).length) view.canvas_view?.events_el.removeAttribute("tabindex")
}

const KINDS = [
  [["Slider", "RangeSlider"], nameSlider, ["render", "_update_title", "_update_slider"]],
  [["Checkbox"], nameCheckbox, ["render", "_update_label"]],
  [
    ["panel.models.widgets.RadioButtonGroup", "panel.models.widgets.CheckboxButtonGroup"],
    describeGroup,
    ["render", "_update_active"],
  ],
  [["Spinner"], hideSpinButtons, ["render"]],
  [["PasswordInput"], submitPassword, ["render"]],
  [["panel.models.tabs.Tabs"], describeTabs, ["render", "_update_headers", "update_active"]],
  [["panel.models.layout.Card"], describeCard, ["render", "_collapse"]],
  [["Figure"], describeFigure, ["render"]],
]

// Calls a function with each view after each of some methods.
function follow(prototype, methods, describe) {
  for (const method of methods) {
    const call = prototype?.[method]
    if (call === undefined) continue
    prototype[method] = function (...args) {
      const result = call.apply(this, args)
      describe(this)
      return result
    }
  }
}

export function render({ model }) {
  const { landmarks, scrolled } = model
  const mark = (view) => {
    if (!view.model.type.endsWith("ButtonGroup")) nameGroup(view.el, view.model) // theirs is within
    for (const name of view.model.css_classes ?? []) {
      if (scrolled.includes(name)) view.el.tabIndex = 0
      const [role, label] = landmarks[name] ?? []
      if (role === undefined) continue
      view.el.setAttribute("role", role)
      if (label) view.el.setAttribute("aria-label", label)
    }
  }
  if (!window.Bokeh.describedByPlayground) {
    window.Bokeh.describedByPlayground = true
    for (const [models, describe, methods] of KINDS) {
      for (const name of models) {
        follow(window.Bokeh.Models[name]?.prototype.default_view?.prototype, methods, describe)
      }
    }
    follow(window.Bokeh.require("models/layouts/layout_dom").LayoutDOMView.prototype, ["render"], mark)
  }
  // Those that were rendered before.
  for (const view of window.Bokeh.index.query((each) => each.shadow_el !== undefined)) {
    mark(view)
    KINDS.find(([models]) => models.includes(view.model.type))?.[1](view)
  }
  return document.createElement("span")
}
