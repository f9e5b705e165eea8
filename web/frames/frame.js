addEventListener('load', () => {
  const tell = () => parent.postMessage({ mayfly: 'height', height: Math.ceil(document.documentElement.getBoundingClientRect().height) }, '*')
  new ResizeObserver(tell).observe(document.documentElement)
  tell()
})
