// The slider over the recorded moments, and the button that plays them.

const SECONDS = 8

export class Transport {
  constructor(state) {
    this.state = state
    this.slider = document.querySelector("#moment")
    this.button = document.querySelector("#play")
    this.slider.max = state.epochs.length - 1
    document.querySelector("#transport").hidden = state.epochs.length < 2
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)))
    this.button.addEventListener("click", () => (this.playing ? this.pause() : this.play()))
  }

  /** Stop, and go to a moment by its number. */
  go(moment) {
    this.pause()
    this.state.set({moment})
  }

  play() {
    const last = this.state.epochs.length - 1
    const first = this.state.moment === last ? 0 : this.state.moment
    const began = performance.now() - (first / last) * SECONDS * 1000
    const step = (now) => {
      const moment = Math.min(last, Math.max(0, Math.floor(((now - began) / 1000 / SECONDS) * last)))
      if (moment !== this.state.moment) this.state.set({moment})
      this.playing = moment < last ? requestAnimationFrame(step) : undefined
      this.label()
    }
    this.playing = requestAnimationFrame(step)
    this.label()
  }

  pause() {
    cancelAnimationFrame(this.playing)
    this.playing = undefined
    this.label()
  }

  label() {
    this.button.classList.toggle("playing", this.playing !== undefined)
    this.button.ariaLabel = this.playing ? "Pause" : "Play the training"
  }

  show() {
    const {moment, epoch} = this.state
    this.slider.value = moment
    this.slider.ariaValueText = `epoch ${epoch}`
    this.slider.style.setProperty("--share", moment / Math.max(1, this.slider.max))
  }
}
