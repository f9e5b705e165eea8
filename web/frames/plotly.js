try {
  const figure = JSON.parse(document.getElementById('data').textContent)
  const place = document.getElementById('figure')
  if (typeof Plotly === 'undefined') throw new Error('this server has no plotly.js')
  const layout = figure.layout || {}
  const margin = innerWidth < 560 ? { l: 48, r: 24, b: 56 } : {} // a phone has no room for plotly's own 80 px
  Plotly.newPlot(place, figure.data || [], { ...layout, margin: { ...margin, ...layout.margin } }, { responsive: true, displaylogo: false, ...figure.config })
} catch (trouble) {
  document.getElementById('figure').textContent = 'The figure could not be drawn: ' + trouble.message
}
