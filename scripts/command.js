import { spawn } from 'node:child_process'

const tickSeconds = 10

/**
 * Runs a command without showing its output, and resolves when it has ended, well or not.
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {Record<string, string>} [options.env] added to this process's environment
 * @param {(output: string) => void} [options.onOutput] hears each piece of output
 * @param {(seconds: number) => void} [options.onTick] called every ten seconds while the command runs
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export function run(command, args, { cwd, env, onOutput, onTick } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm and the like are .cmd files on Windows, and only a shell runs those.
      shell: process.platform === 'win32' && command !== process.execPath
    })
    const started = performance.now()
    const ticker = setInterval(
      () => onTick?.(Math.round((performance.now() - started) / 1000)),
      tickSeconds * 1000
    )
    const stop = () => child.kill()
    process.once('exit', stop)

    let output = ''
    /** @param {string} text */
    const hear = (text) => {
      output += text
      onOutput?.(text)
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)

    /** @param {boolean} ok */
    const settle = (ok) => {
      clearInterval(ticker)
      process.off('exit', stop)
      resolve({ ok, output })
    }
    child.on('error', (error) => {
      output += error.message
      settle(false)
    })
    child.on('close', (code) => settle(code === 0))
  })
}

/**
 * Runs npm: the one that started us if there is one, else the one on the PATH.
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function npm(args, options) {
  const startedBy = process.env.npm_execpath
  return startedBy?.endsWith('npm-cli.js')
    ? run(process.execPath, [startedBy, ...args], options)
    : run('npm', args, options)
}

/** @param {number} started by performance.now() */
export function secondsSince(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`
}
