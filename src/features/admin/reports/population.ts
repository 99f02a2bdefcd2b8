import type { Part } from '../../../database/stores/aggregates.ts'
import type { Group } from '../../../database/stores/groups.ts'
import { longMonth } from '../../../days.ts'
import type { Filter, Option } from './filters.ts'

/** What people can be chosen from: the parts that are published of a version, oldest first, and every group. */
type Known = { parts: readonly Part[]; groups: readonly Group[] }

/**
 * The people that figures are about: everybody, those of one month who came without a group, or one group. Nobody
 * can ask for a month of a group: what two such tables share could be a single person.
 */
export type People = {
  /** How an address says it: nothing, a month (YYYY-MM), or the id of a group. */
  value: string
  name: string
  /** Their row among the parts: null for all rows, −1 for a group of whom none is published. */
  part: number | null
}

export const everybody: People = { value: '', name: 'Everybody', part: null }

/** The people that an address asks for; null if there are none by this name. */
export function peopleIn({ parts, groups }: Known, value: string): People | null {
  if (value === '') return everybody
  const group = groups.find(({ id }) => id === value)
  const part = parts.findIndex(({ month, groupId }) => (groupId === '' ? month : groupId) === value)
  if (group) return { value, part, name: `The group “${group.name}”` }
  return part === -1 ? null : { value, part, name: `People without a group, ${longMonth(value)}` }
}

/** Why there are no such people. Of a month it must not come out whether nobody finished in it, or a few did. */
export function whyMissing(value: string, minimum: number): string {
  return /^\d{4}-\d\d$/.test(value)
    ? `There are no figures of this month. A month can be chosen once ${minimum} people without a group have finished in it.`
    : 'There is no such group.'
}

export function peopleFilter({ parts, groups }: Known, chosen: People | null): Filter {
  const option = (value: string, text: string): Option => ({
    value,
    text,
    isChosen: value === (chosen?.value ?? '')
  })
  const months = parts.filter(({ groupId }) => groupId === '').toReversed()
  const choices = [
    { label: 'Without a group', options: months.map(({ month }) => option(month, longMonth(month))) },
    { label: 'Groups', options: groups.map(({ id, name }) => option(id, name)) }
  ]
  return {
    name: 'people',
    label: 'People',
    options: [option(everybody.value, everybody.name)],
    groups: choices.filter(({ options }) => options.length > 0)
  }
}
