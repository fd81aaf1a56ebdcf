export const render = ({ model }) => liveRegion(model)
