import { expect, test } from 'vitest'
import { gaussLegendre } from '../../../src/scoring/numerics/gauss-legendre.ts'

test.each([1, 2, 8, 16, 24, 44])('%i points integrate every polynomial up to twice that degree', (n) => {
  const { nodes, weights } = gaussLegendre(n)
  for (let power = 0; power < 2 * n; power++) {
    const integral = nodes.reduce((sum, x, i) => sum + weights[i]! * x ** power, 0)
    expect(Math.abs(integral * (power + 1) - 1)).toBeLessThan(1e-12)
  }
})

test('the points lie inside the interval, mirrored about its middle', () => {
  const { nodes } = gaussLegendre(16)
  expect(new Set(nodes).size).toBe(16)
  nodes.forEach((x, i) => {
    expect(x).toBeGreaterThan(0)
    expect(x + nodes[15 - i]!).toBeCloseTo(1, 14)
  })
})
