import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rgb } from 'culori'
import { describe, expect, test } from 'vitest'
import { projectDirectory } from '../../../src/config.ts'
import { archetypes } from '../../../src/content/schema.ts'
import { coloursIn, contrast, difference, visions } from '../../support/colours.ts'

const schemes = Object.entries(coloursIn(readFileSync(join(projectDirectory, 'public/style.css'), 'utf8')))

test('the measures agree with published values', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  // Sharma, Wu & Dalal (2005), the first pair of their test data.
  const blue = { mode: 'lab65', l: 50, a: 2.6772, b: -79.7751 } as const
  expect(difference(blue, { mode: 'lab65', l: 50, a: 0, b: -82.7485 })).toBeCloseTo(2.0425, 4)
  // What pure red looks like without the cones for red, as Machado et al. (2009) have it.
  const { r, g, b } = visions.protan('#ff0000') as Rgb
  expect([r, g, b].map((value) => +value.toFixed(4))).toEqual([0.1523, 0.1145, 0])
})

describe.each(schemes)('%s', (_scheme, colours) => {
  const colour = (name: string) => colours[name] as string

  test.each(['ink', 'ink-2', 'link', 'error', 'ok', ...archetypes])(
    '%s can be read on paper and cards',
    (name) => {
      for (const ground of ['paper', 'card']) {
        expect(contrast(colour(name), colour(ground)), ground).toBeGreaterThanOrEqual(4.5)
      }
    }
  )

  test('rules can be seen on paper and cards', () => {
    for (const ground of ['paper', 'card']) {
      expect(contrast(colour('rule'), colour(ground)), ground).toBeGreaterThanOrEqual(3)
    }
  })

  test.each(Object.entries(visions))('the archetypes differ to %s eyes', (_vision, see) => {
    for (const [index, a] of archetypes.entries()) {
      for (const b of archetypes.slice(index + 1)) {
        expect(difference(see(colour(a)), see(colour(b))), `${a}, ${b}`).toBeGreaterThanOrEqual(15)
      }
    }
  })
})
