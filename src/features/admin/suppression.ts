/** Groups smaller than this are not shown. */
export const minimumGroup = 5

/**
 * The counts of a one-way table that can be shown without telling anything about few people; null where one
 * cannot. Groups under the minimum are hidden, and then the smallest others, until at least two are hidden and
 * they hold the minimum together: otherwise the total would give the hidden ones away. A group without anybody
 * stays visible, unless everything is hidden.
 */
export function suppressed<Group extends string>(
  counts: Record<Group, number>,
  minimum = minimumGroup
): Record<Group, number | null> {
  const groups = (Object.entries(counts) as [Group, number][]).filter(([, count]) => count > 0)
  groups.sort(([, a], [, b]) => a - b)
  const hidden = new Set<Group>()
  let held = 0
  for (const [group, count] of groups) {
    const enough = held >= minimum && hidden.size >= 2
    if (count >= minimum && (hidden.size === 0 || enough)) break
    hidden.add(group)
    held += count
  }
  // Too few people to hide among: then even that a group is empty would say where the others are.
  const exposed = hidden.size > 0 && (hidden.size < 2 || held < minimum)
  return Object.fromEntries(
    Object.entries(counts).map(([group, count]) => [
      group,
      exposed || hidden.has(group as Group) ? null : count
    ])
  ) as Record<Group, number | null>
}
