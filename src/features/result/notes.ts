import * as z from 'zod'
import type { Token } from '../../attempt/tokens.ts'
import type { Note } from '../../database/stores/results.ts'
import { longDay } from '../../days.ts'
import { BadRequest } from '../../web/http/errors.ts'
import { type FormFault, formBody } from '../../web/http/forms.ts'
import { paths } from '../../web/paths.ts'

const longest = 1000

/** How many notes a result holds. */
export const mostNotes = 50

/** What was typed into the form for a note, and what is wrong with it. */
export type Typed = { text: string; faults: FormFault[] }

export const nothingTyped: Typed = { text: '', faults: [] }
export const tooMany: FormFault = {
  id: 'note',
  message: `A result holds ${mostNotes} notes. Delete one that you no longer need, then save this one`
}

const NoteForm = z.object({ note: z.string() })

/** Reads a note as a browser sends it. */
export function readNote(body: unknown): Typed {
  const form = NoteForm.safeParse(formBody(body))
  if (!form.success) throw new BadRequest()
  const text = form.data.note.replace(/\r\n?/g, '\n').replaceAll('\0', '').trim()
  const fault =
    text === ''
      ? 'Write something before you save'
      : text.length > longest
        ? `A note holds ${longest} characters; this one has ${text.length}`
        : null
  return { text, faults: fault ? [{ id: 'note', message: fault }] : [] }
}

/** The owner's notes and the form for the next one. */
export function notesOf(notes: readonly Note[], { text, faults }: Typed, manage: Token) {
  return {
    rows: notes.map(({ number, writtenOn, text }) => ({
      day: longDay(writtenOn),
      text,
      deletion: paths.noteDeletion(manage, number)
    })),
    action: paths.manage(manage),
    longest,
    text,
    faults
  }
}
