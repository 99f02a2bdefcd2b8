import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Does the work with a folder that nobody else can read. It is new, and goes afterwards. */
export async function inFolder<Result>(
  path: string,
  work: (folder: string) => Promise<Result>
): Promise<Result> {
  await rm(path, { recursive: true, force: true })
  await mkdir(dirname(path), { recursive: true })
  await mkdir(path, { mode: 0o700 })
  try {
    return await work(path)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

/** Gives a file its name, in place of any that has it, and resolves once the disk has both. */
export async function putAt(file: string, name: string): Promise<void> {
  await synced(file)
  await rename(file, name)
  await synced(dirname(name))
}

async function synced(path: string): Promise<void> {
  const handle = await open(path)
  await handle.sync()
  await handle.close()
}
