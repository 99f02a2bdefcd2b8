import * as z from 'zod'

/** The four archetypes of Will Larson, in the order that scores keep everywhere. */
export const archetypes = ['tech-lead', 'architect', 'solver', 'right-hand'] as const
export type Archetype = (typeof archetypes)[number]

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case')
const text = z.string().trim().min(1)
const archetype = z.enum(archetypes)

/** A list in which nothing may appear twice; `key` names what must differ. */
function distinct<T extends z.ZodType>(item: T, key: (value: z.infer<T>) => string, what: string) {
  return z.array(item).superRefine((values, context) => {
    const seen = new Set<string>()
    values.forEach((value, index) => {
      if (seen.has(key(value))) {
        context.addIssue({ code: 'custom', path: [index], message: `${what} "${key(value)}" appears twice` })
      }
      seen.add(key(value))
    })
  })
}

// Questionnaires

const Statement = z.strictObject({ id, archetype, text })

const Block = z.strictObject({
  id,
  situation: text,
  statements: distinct(Statement, (statement) => statement.archetype, 'archetype').refine(
    (statements) => statements.length === archetypes.length,
    'a block needs one statement for each archetype'
  )
})

export const Blocks = distinct(Block, (block) => block.id, 'block').superRefine((blocks, context) => {
  const seen = new Set<string>()
  blocks.forEach((block, b) => {
    block.statements.forEach((statement, s) => {
      if (seen.has(statement.id)) {
        const message = `statement "${statement.id}" appears twice`
        context.addIssue({ code: 'custom', path: [b, 'statements', s, 'id'], message })
      }
      seen.add(statement.id)
    })
  })
})

const Pole = z.strictObject({ name: text, text })
const side = z.enum(['left', 'right'])
const LeanItem = z.strictObject({
  id,
  stem: text,
  left: Pole,
  right: Pole,
  management: side,
  measure: z.boolean().default(false)
})
const HybridItem = z.strictObject({
  id,
  stem: text,
  left: Pole,
  right: Pole,
  hybrid: side,
  measures: z.enum(['pendulum', 'both-at-once'])
})

export const PathItems = z
  .strictObject({ lean: z.array(LeanItem).length(8), hybrid: z.array(HybridItem).length(2) })
  .superRefine(({ lean, hybrid }, context) => {
    if (lean.filter((item) => item.management === 'left').length !== 4) {
      const message = 'four of the eight items must have management on the left, four on the right'
      context.addIssue({ code: 'custom', path: ['lean'], message })
    }
    const ids = [...lean, ...hybrid].map((item) => item.id)
    for (const twice of ids.filter((value, index) => ids.indexOf(value) !== index)) {
      context.addIssue({ code: 'custom', path: [], message: `item "${twice}" appears twice` })
    }
  })

const Band = z.strictObject({ id, label: text, hours: z.number().min(0) })
export const Kind = z.strictObject({
  id,
  text,
  habit: z.enum([
    'matters',
    'growing-others',
    'finishing',
    'snacking',
    'preening',
    'chasing-ghosts',
    'comfortable-building',
    'firefighting'
  ]),
  effort: z.enum(['low', 'high']),
  impact: z.enum(['low', 'high', 'uncertain'])
})

export const Habits = z.strictObject({
  question: text,
  hint: text,
  bands: distinct(Band, (band) => band.id, 'band'),
  kinds: distinct(Kind, (kind) => kind.id, 'kind')
})

const Option = z.strictObject({ id, label: text })
const ContextQuestion = z.strictObject({
  id,
  question: text,
  options: distinct(Option, (option) => option.id, 'option')
})
export const ContextQuestions = distinct(ContextQuestion, (question) => question.id, 'question')

export type Statement = z.infer<typeof Statement>
export type Block = z.infer<typeof Block>
export type LeanItem = z.infer<typeof LeanItem>
export type HybridItem = z.infer<typeof HybridItem>
export type Kind = z.infer<typeof Kind>
export type ContextQuestion = z.infer<typeof ContextQuestion>

/** One published version of everything asked. */
export type Questionnaire = {
  version: string
  sha256: string
  blocks: Block[]
  /** How attractive each statement is by itself, in logits, by its id; null where all count as equally attractive. */
  attractiveness: Record<string, number> | null
  lean: LeanItem[]
  hybrid: HybridItem[]
  habits: z.infer<typeof Habits>
  context: ContextQuestion[]
}

// Pages

export const source = z.string().regex(/^[A-Z0-9]+$/, 'must be a code of sources.yaml')
export const Passage = z.strictObject({ text, sources: z.array(source) })
const passages = z.array(Passage).min(1)

const aspects = {
  owns: Passage,
  horizon: Passage,
  worksWith: Passage,
  authority: Passage,
  energises: Passage,
  frustrates: Passage,
  whereItExists: Passage,
  entryPath: Passage,
  peopleManagement: Passage,
  judgedBy: Passage
}

export const ArchetypeText = z
  .strictObject({
    id: archetype,
    name: text,
    definition: text,
    lead: text,
    description: passages,
    goodWeek: passages,
    week: z
      .array(
        z.strictObject({ activity: text, hours: z.number().positive(), open: z.boolean().default(false) })
      )
      .min(1),
    weekNote: Passage,
    aspects: z.strictObject(aspects),
    failureModes: z.array(z.strictObject({ name: text, text, sources: z.array(source) })).min(1),
    questions: z.array(text).min(1),
    differs: z.partialRecord(archetype, Passage)
  })
  .superRefine((value, context) => {
    const others = archetypes.filter((other) => other !== value.id)
    for (const other of others.filter((other) => !value.differs[other])) {
      context.addIssue({ code: 'custom', path: ['differs', other], message: 'is missing' })
    }
  })

const place = z
  .number()
  .min(-1)
  .max(1)
  .refine((value) => value !== 0, 'lies on an axis')
const ends = z.strictObject({ low: text, high: text })

/** The four on two axes, from −1 to 1, each in a quadrant of its own: a picture, and the same in words. */
export const ArchetypeMap = z.strictObject({
  heading: text,
  text,
  caution: Passage,
  axes: z.strictObject({ across: ends, up: ends }),
  places: z
    .record(archetype, Passage.extend({ across: place, up: place }))
    .refine(
      (places) =>
        new Set(Object.values(places).map(({ across, up }) => `${across > 0} ${up > 0}`)).size === 4,
      'each archetype needs a quadrant of its own'
    )
})

const Table = z
  .strictObject({ caption: text, columns: z.array(text).min(2), rows: z.array(z.array(text)).min(1) })
  .superRefine(({ columns, rows }, context) => {
    for (const [index, { length }] of rows.entries()) {
      if (length === columns.length) continue
      const message = `has ${length} cells for ${columns.length} columns`
      context.addIssue({ code: 'custom', path: ['rows', index], message })
    }
  })

export const Page = z.strictObject({
  id,
  title: text,
  description: text,
  lead: text,
  sections: distinct(
    z.strictObject({
      id,
      heading: text,
      paragraphs: z.array(Passage).default([]),
      table: Table.optional(),
      list: z.array(z.strictObject({ name: text.optional(), text, sources: z.array(source) })).default([])
    }),
    (section) => section.id,
    'section'
  )
})

/** A made-up taker, whose answers are scored for all to see. */
export const Example = z.strictObject({
  sets: z
    .array(
      z
        .strictObject({ most: archetype, least: archetype })
        .refine(({ most, least }) => most !== least, 'one statement cannot be both Most and Least')
    )
    .length(12),
  path: z.array(z.int().min(-2).max(2)).length(8),
  found: z.strictObject({ clear: text, likely: text, blend: text, open: text })
})

export const Sources = z.record(
  source,
  z.strictObject({
    author: text,
    title: text,
    url: z.url({ protocol: /^https$/ }).optional(),
    read: z.enum(['full', 'excerpt', 'second-hand'])
  })
)

export type Passage = z.infer<typeof Passage>
export type Aspect = keyof typeof aspects
export type ArchetypeText = z.infer<typeof ArchetypeText>
export type Page = z.infer<typeof Page>
export type ArchetypeMap = z.infer<typeof ArchetypeMap>
export type Table = z.infer<typeof Table>
export type Example = z.infer<typeof Example>
export type Sources = z.infer<typeof Sources>
