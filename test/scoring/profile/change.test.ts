import { describe, expect, test } from 'vitest'
import { changeEngine } from '../../../src/scoring/profile/change.ts'
import { profileEngine } from '../../../src/scoring/profile/profile.ts'
import { goldenChanges, goldenProfile } from '../golden.ts'
import { answers } from '../notation.ts'

const engine = changeEngine()
const first = answers(goldenProfile('G1').answers)

describe.each(goldenChanges)('golden vector $id', (golden) => {
  const second = answers(golden.take2)

  test('is met within the Monte Carlo error of its check', () => {
    const change = engine.compare(first, second)
    expect(Math.abs(change.logBayesFactor - golden.logBF10)).toBeLessThan(0.003)
    expect(change.probability).toBeCloseTo(golden.pChange_prior03, 3)
  })

  test('has the stated profile in its second take', () => {
    const alone = profileEngine().score(second).first
    for (const [a, p] of alone.entries()) expect(Math.abs(p - golden.top2[a]!)).toBeLessThan(1e-3)
  })
})

describe('a change', () => {
  test('is claimed at 0.8, thought possible at 0.5, and never denied', () => {
    const [similar, moved, unclear] = goldenChanges.map(({ take2 }) => engine.compare(first, answers(take2)))
    expect([similar!.verdict, moved!.verdict, unclear!.verdict]).toEqual([
      'no-evidence',
      'changed',
      'no-evidence'
    ])
    expect(engine.compare(first, answers('RH>SO RH>SO'))).toMatchObject({ verdict: 'changed' }) // 0.803
    expect(engine.compare(first, answers('TL>AR TL>SO'))).toMatchObject({ verdict: 'perhaps' }) // 0.782
    expect(engine.compare(first, answers('TL>SO AR>SO'))).toMatchObject({ verdict: 'perhaps' }) // 0.522
    expect(engine.compare(first, answers('TL>SO TL>RH'))).toMatchObject({ verdict: 'no-evidence' }) // 0.498
  })

  test('is the same read forwards and backwards', () => {
    const second = answers(goldenChanges[1]!.take2)
    const forwards = engine.compare(first, second).logBayesFactor
    expect(engine.compare(second, first).logBayesFactor).toBeCloseTo(forwards, 9)
  })

  test('is neither shown nor refuted by an empty take', () => {
    expect(engine.compare(first, { choices: [] }).logBayesFactor).toBeCloseTo(0, 3)
  })

  test('may lie between two versions of the questionnaire', () => {
    const zero = [0, 0, 0, 0] as const
    const flattering = Array(12).fill([1.5, 0, 0, -1.5] as const)
    const tooOften = answers('TL>RH TL>RH TL>RH TL>AR TL>RH TL>RH TL>SO TL>RH AR>RH TL>RH TL>RH SO>RH')
    const balanced = answers('TL>RH AR>TL SO>AR RH>SO TL>RH AR>TL SO>AR RH>SO TL>RH AR>TL SO>AR RH>SO')
    const plain = engine.compare(balanced, tooOften)
    const known = changeEngine(Array(12).fill(zero), flattering).compare(balanced, tooOften)
    expect(known.logBayesFactor).toBeLessThan(plain.logBayesFactor)
    expect(changeEngine(undefined, undefined).compare(balanced, tooOften)).toEqual(plain)
  })
})
