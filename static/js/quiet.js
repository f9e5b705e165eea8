const patience = 1000 // milliseconds after which it is done anyway

// quiet calls when the browser has nothing else to do, or after a second; it says
// how much time there is, as requestIdleCallback does.
export function quiet(act) {
  return globalThis.requestIdleCallback ? requestIdleCallback(act, { timeout: patience }) : setTimeout(act, 50, { didTimeout: true })
}
