/** Upper ends of the buckets in which seconds are counted, each about a quarter above the one before. */
const ends = Array.from({ length: 48 }, (_, index) => Math.round(2 * 1.25 ** index))

/** The bucket for this many seconds: the index of the first end that is not below. */
export function bucketOf(seconds: number): number {
  const index = ends.findIndex((end) => seconds <= end)
  return index === -1 ? ends.length : index
}

/** The median of seconds that were counted in buckets, as if they were spread evenly within each; null of nobody. */
export function medianOf(buckets: Readonly<Record<string, number>>): number | null {
  const counts = Object.entries(buckets)
    .map(([bucket, count]) => ({ bucket: Number(bucket), count }))
    .sort((a, b) => a.bucket - b.bucket)
  const half = counts.reduce((sum, { count }) => sum + count, 0) / 2
  let before = 0
  for (const { bucket, count } of counts) {
    if (before + count >= half && count > 0) {
      const from = bucket === 0 ? 0 : ends[bucket - 1]!
      const to = ends[bucket] ?? from
      return from + ((half - before) / count) * (to - from)
    }
    before += count
  }
  return null
}
