/** Nodes in (0, 1) and weights that sum to 1. */
export type Rule = { nodes: Float64Array; weights: Float64Array }

/**
 * The n-point Gauss–Legendre rule on (0, 1), exact for polynomials up to degree 2n − 1
 * (Abramowitz & Stegun 25.4.29).
 */
export function gaussLegendre(n: number): Rule {
  const nodes = new Float64Array(n)
  const weights = new Float64Array(n)
  const roots: number[] = []
  for (let i = 0; i < n; i++) {
    // Maehly's method: Newton from x = 1 with the roots already found divided out. It falls monotonically
    // to the next root, and needs no starting guess from a cosine.
    let x = 1
    for (let step = 0; step < 200; step++) {
      const { value, slope } = legendre(n, x)
      const deflation = roots.reduce((sum, root) => sum + 1 / (x - root), 0)
      const next = x - value / (slope - value * deflation)
      if (!(next < x)) break
      x = next
    }
    roots.push(x)
    nodes[i] = (1 + x) / 2
    const { slope } = legendre(n, x)
    weights[i] = 1 / ((1 - x * x) * slope * slope)
  }
  return { nodes, weights }
}

/** The Legendre polynomial P_n and its derivative at x, by Bonnet's recurrence. */
function legendre(n: number, x: number): { value: number; slope: number } {
  let value = 1
  let previous = 0
  let slope = 0
  for (let k = 1; k <= n; k++) {
    const next = ((2 * k - 1) * x * value - (k - 1) * previous) / k
    slope = k * value + x * slope // P'_k = k P_{k−1} + x P'_{k−1}
    previous = value
    value = next
  }
  return { value, slope }
}
