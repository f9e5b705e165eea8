try {
  const figure = JSON.parse(document.getElementById('data').textContent)
  const place = document.getElementById('figure')
  if (typeof Plotly === 'undefined') throw new Error('this server has no plotly.js')
  Plotly.newPlot(place, figure.data || [], figure.layout || {}, { responsive: true, displaylogo: false, ...figure.config })
} catch (trouble) {
  document.getElementById('figure').textContent = 'The figure could not be drawn: ' + trouble.message
}
