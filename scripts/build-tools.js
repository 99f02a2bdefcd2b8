import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './command.js'

const packageManagers = [
  { program: 'apt-get', install: 'apt-get update && apt-get install -y python3 make g++' },
  { program: 'dnf', install: 'dnf install -y python3 make gcc-c++' },
  { program: 'apk', install: 'apk add python3 make g++' }
]

/** What of python3, make and a C++ compiler does not start on this machine. */
export async function missingBuildTools() {
  // Windows compiles with Visual Studio, which node-gyp finds, and reports on, by itself.
  if (process.platform === 'win32') return []
  const missing = []
  if (!(await anyStarts([process.env.PYTHON, 'python3', 'python']))) missing.push('python3')
  if (!(await anyStarts(['make', 'gmake']))) missing.push('make')
  if (!(await anyStarts([process.env.CXX, 'g++', 'clang++', 'c++']))) missing.push('a C++ compiler')
  return missing
}

/** The one line that installs all of them. */
export function howToInstallBuildTools() {
  if (process.platform === 'darwin') return 'xcode-select --install'
  const manager = packageManagers.find(({ program }) => isOnPath(program))
  if (!manager) return '(your package manager) python3, make and a C++ compiler'
  return process.getuid?.() === 0 ? manager.install : `sudo sh -c '${manager.install}'`
}

/** @param {(string | undefined)[]} programs */
async function anyStarts(programs) {
  for (const program of programs) {
    if (program && (await run(program, ['--version'])).ok) return true
  }
  return false
}

/** @param {string} program */
export function isOnPath(program) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.some((folder) => existsSync(join(folder, program)))
}
