import { open } from 'node:fs/promises'
import type { TakerTruth, Truth } from './truth.ts'

/** Writes the truth as one JSON object, taker by taker: of a million of them it would not fit into a string. */
export async function truthFile(path: string, head: object) {
  const file = await open(path, 'w')
  let between = ''
  await file.write(`${JSON.stringify(head).slice(0, -1)},"people":[`)
  return {
    async write(people: readonly TakerTruth[]): Promise<void> {
      await file.write(`${between}\n${people.map((one) => JSON.stringify(one)).join(',\n')}`)
      between = ','
    },
    async end(truth: Truth): Promise<void> {
      await file.write(`\n],"truth":${JSON.stringify(truth)}}\n`)
      await file.close()
    }
  }
}
