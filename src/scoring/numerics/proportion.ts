/** A share with its 95 % range. */
export type Proportion = { share: number; low: number; high: number }

const Z = 1.96

/**
 * `count` of `of`, with the interval of Wilson (1927), which stays inside 0 … 1 and holds for small groups.
 * Of nobody, the share is 0 and could be anything.
 */
export function proportion(count: number, of: number): Proportion {
  if (of === 0) return { share: 0, low: 0, high: 1 }
  const share = count / of
  const spread = (Z * Z) / of
  const center = (share + spread / 2) / (1 + spread)
  const margin = (Z * Math.sqrt((share * (1 - share)) / of + spread / (4 * of))) / (1 + spread)
  return { share, low: Math.max(0, center - margin), high: Math.min(1, center + margin) }
}
