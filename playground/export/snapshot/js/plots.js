// Plots that HoloViews declared and Bokeh draws.

/** A Bokeh plot in this document, with its models as properties by the names that Python gave them. */
export class Plot {
  /** `plot` is {item, models, themes} as playground/export/snapshot/plots.py writes it. */
  static async embed(plot, target) {
    const views = await Bokeh.embed.embed_item(plot.item, target)
    return new Plot(plot, views.roots[0].model.document)
  }

  constructor({models, themes}, document) {
    this.document = document
    this.themes = themes
    for (const [name, id] of Object.entries(models)) this[name] = document.get_model_by_id(id)
  }

  /** Apply the colours of a theme, "light" or "dark". */
  restyle(theme) {
    for (const [id, name, value] of this.themes[theme]) {
      this.document.get_model_by_id(id).setv({[name]: value})
    }
  }
}

/** A picture of palette indices, lowest row first, in the form that Bokeh draws. */
export function picture(indices, width, height) {
  const {ndarray} = Bokeh.require("core/util/ndarray")
  return ndarray(indices, {dtype: "uint8", shape: [height, width]})
}
