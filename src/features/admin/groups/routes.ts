import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { derivedToken, hashOf, isToken, newToken } from '../../../attempt/tokens.ts'
import type { Group } from '../../../database/stores/groups.ts'
import { type Day, dayOf, daysAfter, longDay } from '../../../days.ts'
import { BadRequest, NotFound } from '../../../web/http/errors.ts'
import { type FormFault, formBody } from '../../../web/http/forms.ts'
import { paths } from '../../../web/paths.ts'
import { byAdmin } from '../guard.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'

const usualDays = 30
const mostDays = 365
const longestName = 80

/** People who take the quiz under one link: the list, a new group, the end of its joining. */
export function groupsPages({ groups, minimum, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }

    app.get(paths.groups, full, async (request, reply) => {
      const today = dayOf(Date.now())
      const all = await groups.all()
      return render(reply, 'admin/groups', {
        title: 'Groups',
        ...frame(request, paths.groups),
        minimum,
        groups: all.map((group) => ({
          name: group.name,
          figures: paths.overviewOf(group.id),
          openedOn: longDay(group.openedOn),
          joining: joiningOf(group, today),
          closing: groups.isOpen(group, today) && paths.groupClosing(group.id)
        }))
      })
    })

    app.get(paths.newGroup, full, async (request, reply) => {
      const today = dayOf(Date.now())
      const closesOn = daysAfter(today, usualDays)
      return render(
        reply,
        'admin/group-new',
        newGroupPage(request, today, { once: newToken(), name: '', closesOn, faults: [] })
      )
    })

    app.post(paths.newGroup, full, async (request, reply) => {
      const by = byAdmin(request)
      const today = dayOf(by.at)
      const typed = readGroup(request.body, today)
      const { once, name, closesOn, faults } = typed
      if (faults.length > 0) {
        return render(reply.code(422), 'admin/group-new', newGroupPage(request, today, typed))
      }
      // A double click opens one group, and shows the link that works.
      const link = derivedToken(once, `group ${closesOn} ${name}`)
      await groups.open({ id: randomUUID(), name, openedOn: today, closesOn }, hashOf(link), by)
      return render(reply, 'admin/group-opened', {
        title: `The group ${name} is open`,
        ...frame(request, paths.groups),
        until: longDay(closesOn),
        link: paths.join(link)
      })
    })

    type Chosen = { Params: { group: string } }

    app.get<Chosen>(paths.groupClosing(':group'), full, async (request, reply) => {
      const group = await groups.find(request.params.group)
      if (group === null) throw new NotFound()
      if (!groups.isOpen(group, dayOf(Date.now()))) return reply.redirect(paths.groups, 303)
      return render(reply, 'admin/group-closing', {
        title: `Close the group ${group.name}?`,
        ...frame(request, paths.groups),
        action: paths.groupClosing(group.id)
      })
    })

    app.post<Chosen>(paths.groupClosing(':group'), full, async (request, reply) => {
      const group = await groups.find(request.params.group)
      if (group === null) throw new NotFound()
      const by = byAdmin(request)
      await groups.revoke(group.id, dayOf(by.at), by)
      return reply.redirect(paths.groups, 303)
    })
  }
}

function joiningOf({ closesOn, revokedOn }: Group, today: Day): string {
  if (revokedOn !== null) return `closed by an admin on ${longDay(revokedOn)}`
  return today <= closesOn ? `open until ${longDay(closesOn)}` : `ended on ${longDay(closesOn)}`
}

type Typed = { once: string; name: string; closesOn: string; faults: FormFault[] }

const GroupForm = z.object({
  once: z.string().refine(isToken),
  name: z.string().max(1000),
  closes: z.string().max(100)
})

function readGroup(body: unknown, today: Day): Typed {
  const form = GroupForm.safeParse(formBody(body))
  if (!form.success) throw new BadRequest()
  const { once, ...given } = form.data
  const name = given.name.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  const closesOn = given.closes.trim()
  const faults = [
    { id: 'name', message: faultOfName(name) },
    { id: 'closes', message: faultOfDay(closesOn, today) }
  ].filter((fault): fault is FormFault => fault.message !== null)
  return { once, name, closesOn, faults }
}

function faultOfName(name: string): string | null {
  const length = [...name].length
  if (length === 0) return 'Give the group a name'
  if (length > longestName) return `A name has at most ${longestName} characters; this one has ${length}`
  return null
}

function faultOfDay(day: string, today: Day): string | null {
  if (day === '') return 'Choose the last day for joining'
  if (!z.iso.date().safeParse(day).success) return 'Enter a day as year-month-day, such as 2027-01-31'
  if (day < today) return `The last day for joining cannot be in the past: today is ${longDay(today)}`
  const latest = daysAfter(today, mostDays)
  return day > latest ? `The last day for joining can be ${longDay(latest)} at the latest` : null
}

function newGroupPage(request: FastifyRequest, today: Day, { once, name, closesOn, faults }: Typed) {
  return {
    title: `${faults.length > 0 ? 'Error: ' : ''}Open a group`,
    ...frame(request, paths.groups),
    once,
    name,
    closesOn,
    earliest: today,
    latest: daysAfter(today, mostDays),
    nameIsWrong: faults.some(({ id }) => id === 'name'),
    dayIsWrong: faults.some(({ id }) => id === 'closes'),
    longestName,
    faults
  }
}
