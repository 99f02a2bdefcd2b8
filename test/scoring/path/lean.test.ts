import { describe, expect, test } from 'vitest'
import { lean, oriented } from '../../../src/scoring/path/lean.ts'
import { goldenLeans } from '../golden.ts'

describe.each(goldenLeans)('golden vector $id', (golden) => {
  const x = golden.raw.map((point, i) => oriented(point, i % 2 === 0 ? 'right' : 'left'))

  test('turns every second item round', () => {
    expect(x.map((value) => value + 0)).toEqual(golden.oriented)
  })

  test('is met to the fourth decimal', () => {
    const result = lean(x)
    expect(result.lean).toBeCloseTo(golden.L, 4)
    expect(result.standardError).toBeCloseTo(golden.se, 4)
    expect(result.range80.low).toBeCloseTo(golden.lo80, 4)
    expect(result.range80.high).toBeCloseTo(golden.hi80, 4)
    expect(result.management).toBeCloseTo(golden.pMgmt, 4)
  })
})

describe('the lean', () => {
  test('names a side from a probability of 0.90', () => {
    expect(lean([1, 1, 1, 1, 1, 1, 1, 1]).verdict).toBe('management')
    expect(lean([-1, -1, -1, -1, -1, -1, -1, -1]).verdict).toBe('individual-contributor')
    expect(lean([1, 1, 1, 0, 1, 0, 0, 0]).verdict).toBe('management')
    expect(lean([1, 1, 1, 0, 0, 0, 0, 0]).verdict).toBe('balanced')
    expect(lean([0, 0, 0, 0, 0, 0, 0, 0])).toMatchObject({ lean: 0, management: 0.5, verdict: 'balanced' })
  })

  test('is not certain of identical answers', () => {
    const { range80, management } = lean([1, 1, 1, 1, 1, 1, 1, 1])
    expect(range80.high - range80.low).toBeGreaterThan(0.3)
    expect(management).toBeLessThan(1)
  })

  test('keeps its range between the two ends of the scale', () => {
    expect(lean([2, 2, 2, 2, 2, 2, 2, 2]).range80.high).toBe(1)
    expect(lean([-2, -2, -2, -2, -2, -2, -2, -2]).range80.low).toBe(-1)
  })

  test('is turned round by turning the answers round', () => {
    const [one, other] = [lean([2, 1, 0, -1, 2, 1, 1, 0]), lean([-2, -1, 0, 1, -2, -1, -1, 0])]
    expect(other.lean).toBeCloseTo(-one.lean, 12)
    expect(other.management).toBeCloseTo(1 - one.management, 12)
    expect(other.range80.low).toBeCloseTo(-one.range80.high, 12)
  })

  test('refuses points off the scale and no answers at all', () => {
    expect(() => oriented(0, 'left')).toThrow(RangeError)
    expect(() => oriented(6, 'right')).toThrow(RangeError)
    expect(() => oriented(2.5, 'right')).toThrow(RangeError)
    expect(() => lean([])).toThrow(RangeError)
    expect(() => lean([2.5])).toThrow(RangeError)
    expect(() => lean([-2.5])).toThrow(RangeError)
  })
})
