// Plots that HoloViews declared and Bokeh draws.

/** A Bokeh plot in this page; its models can be had by the names that Python gave them. */
export class Plot {
  /** `plot` is {item, models, looks} as playground/export/snapshot/plots.py makes it. */
  static async embed(plot, target) {
    const views = await Bokeh.embed.embed_item(plot.item, target)
    return new Plot(plot, views.roots[0].model.document)
  }

  constructor({models, looks}, document) {
    this.document = document
    this.looks = looks
    for (const [name, id] of Object.entries(models)) this[name] = document.get_model_by_id(id)
  }

  /** Take on the colours of a theme, "light" or "dark". */
  restyle(theme) {
    for (const [id, name, value] of this.looks[theme]) {
      this.document.get_model_by_id(id).setv({[name]: value})
    }
  }
}

/** A picture of palette indices, lowest row first, as Bokeh takes it. */
export function picture(indices, width, height) {
  const {ndarray} = Bokeh.require("core/util/ndarray")
  return ndarray(indices, {dtype: "uint8", shape: [height, width]})
}
