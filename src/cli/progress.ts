/** Where progress is shown, such as standard error. */
export type Display = { isTTY?: boolean; write(text: string): unknown }

const BAR = 40
const CALM = 10_000

/**
 * Shows how far the work is: a bar on a terminal, elsewhere a line every ten seconds. The line or bar is the
 * one given to the returned function, which also wants the time in milliseconds.
 */
export function progressOn(display: Display, total: number, start: number) {
  let last = start
  return (done: number, now: number): void => {
    const percent = `${Math.floor((100 * done) / total)} %`
    if (display.isTTY) {
      const filled = Math.floor((BAR * done) / total)
      display.write(
        `\r[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}] ${percent}${done === total ? '\n' : ''}`
      )
    } else if (now - last >= CALM && done < total) {
      last = now
      display.write(`${percent} done after ${Math.round((now - start) / 1000)} s\n`)
    }
  }
}
