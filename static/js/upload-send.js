// One file on its way to the server. XMLHttpRequest, because fetch does not
// tell how much of a request has gone.

// send posts a file and returns a function that takes it back.
export function send(action, file, on) {
  const request = new XMLHttpRequest()
  const body = new FormData()
  body.append('file', file, file.name)
  request.open('POST', action)
  request.setRequestHeader('HX-Request', 'true')
  request.setRequestHeader('HX-Request-Type', 'partial')
  request.upload.onprogress = (event) => on.progress(Math.min(file.size, event.loaded))
  request.onload = () => {
    if (request.status >= 200 && request.status < 300) on.kept()
    else on.refused(reasonOf(request))
  }
  request.onerror = () => on.refused('the connection was lost. Try again.')
  request.send(body)
  return () => {
    request.onload = request.onerror = request.upload.onprogress = null
    request.abort()
  }
}

// reasonOf takes the words out of the toast that the server answered with.
function reasonOf(request) {
  const page = new DOMParser().parseFromString(request.responseText, 'text/html')
  const words = page.querySelector('.toast-text')?.textContent.replace(/\s+/g, ' ').trim()
  return words?.replace(/^Not kept: /, '') || `Mayfly did not answer as it should (${request.status}).`
}
