import { notSaid, scale } from '../../attempt/read-answers.ts'
import { type Step, unanswered } from '../../attempt/steps.ts'
import type { Answers } from '../../content/answers.ts'
import type { Questionnaire } from '../../content/schema.ts'
import type { FormFault } from '../../web/http/forms.ts'
import { paths } from '../../web/paths.ts'

/** `now` is in milliseconds since 1970. */
type Shown = { chosen: Record<string, string>; faults: FormFault[]; now: string; fromReview: boolean }

/** What a page of the quiz prints: for the GET, and for the 422 with the visitor's own input. */
export function stepPage(steps: Step[], step: Step, { chosen, faults, now, fromReview }: Shown) {
  const position = steps.indexOf(step)
  const back = steps[position - 1]?.url ?? paths.home
  const faultOf = (id: string) => faults.find((fault) => fault.id === `${id}-1`)?.message ?? null
  const frame = {
    faults,
    shown: now,
    action: fromReview ? `${step.url}?from=review` : step.url,
    back: fromReview ? paths.review : back,
    progress: { value: position, max: steps.length, label: `Page ${position + 1} of ${steps.length}` }
  }
  switch (step.kind) {
    case 'items': {
      const heading = `Two ways of working, part ${step.number} of ${step.of}`
      return {
        ...frame,
        view: 'quiz/items',
        heading,
        title: titled(heading, position, steps.length, faults),
        items: step.items.map(({ id, stem, left, right }) => ({
          id,
          stem,
          left: left.text,
          right: right.text,
          fault: faultOf(id),
          options: scaleLabels(left.name, right.name).map((label, index) => ({
            id: `${id}-${index + 1}`,
            value: scale[index],
            label,
            checked: chosen[id] === scale[index]
          }))
        }))
      }
    }
    case 'block': {
      const heading = step.block.situation
      return {
        ...frame,
        view: 'quiz/block',
        heading,
        set: `Set ${step.number} of ${step.of}`,
        title: titled(`Set ${step.number}: ${heading}`, position, steps.length, faults),
        statements: step.statements.map(({ id, text }, index) => ({
          id,
          text,
          number: index + 1,
          most: chosen.most === id,
          least: chosen.least === id
        }))
      }
    }
    case 'habits': {
      const heading = 'Where your hours went'
      return {
        ...frame,
        view: 'quiz/habits',
        heading,
        title: titled(heading, position, steps.length, faults),
        question: step.habits.question,
        hint: step.habits.hint,
        kinds: step.habits.kinds.map(({ id, text }) => ({
          id,
          text,
          fault: faultOf(id),
          options: step.habits.bands.map((band, index) => ({
            id: `${id}-${index + 1}`,
            value: band.id,
            label: band.label,
            checked: chosen[id] === band.id
          }))
        }))
      }
    }
  }
}

function titled(heading: string, position: number, steps: number, faults: FormFault[]): string {
  return `${faults.length > 0 ? 'Error: ' : ''}Page ${position + 1} of ${steps}: ${heading}`
}

function scaleLabels(left: string, right: string): string[] {
  return [
    `Much more like: ${left}`,
    `A little more like: ${left}`,
    'In between',
    `A little more like: ${right}`,
    `Much more like: ${right}`
  ]
}

/** What a taker chose before on a page, as its form fields. */
export function chosenBefore(step: Step, answers: Partial<Answers>): Record<string, string> {
  switch (step.kind) {
    case 'items':
      return Object.fromEntries(Object.entries(answers.items ?? {}).map(([id, value]) => [id, String(value)]))
    case 'block':
      return answers.blocks?.[step.block.id] ?? {}
    case 'habits':
      return answers.habits ?? {}
  }
}

/** Every answer with its Change link; what is missing is listed first once the taker wants to go on. */
export function reviewPage(steps: Step[], answers: Answers, { asked }: { asked: boolean }) {
  const missing = steps.filter((step) => unanswered(step, answers).length > 0)
  const faults = asked ? missing.map((step) => ({ id: step.name, message: `Answer ${nameOf(step)}` })) : []
  const heading = 'Check your answers before you see your result'
  return {
    view: 'quiz/review',
    title: `${faults.length > 0 ? 'Error: ' : ''}${heading}`,
    heading,
    faults,
    action: paths.review,
    back: steps.at(-1)?.url,
    items: steps
      .filter((step) => step.kind === 'items')
      .map((step) => ({
        ...changeLink(step),
        answers: step.items.map(({ id, stem, left, right }) => {
          const value = answers.items[id]
          const answer = value === undefined ? null : scaleLabels(left.name, right.name)[value - 1]
          return { question: stem, answer: answer ?? null }
        })
      })),
    blocks: steps
      .filter((step) => step.kind === 'block')
      .map((step) => {
        const chosen = answers.blocks[step.block.id]
        const textOf = (id?: string) => step.statements.find((statement) => statement.id === id)?.text ?? null
        return {
          ...changeLink(step),
          situation: step.block.situation,
          most: textOf(chosen?.most),
          least: textOf(chosen?.least)
        }
      }),
    habits: steps
      .filter((step) => step.kind === 'habits')
      .map((step) => ({
        ...changeLink(step),
        answers: step.habits.kinds.map(({ id, text }) => ({
          question: text,
          answer: step.habits.bands.find((band) => band.id === answers.habits[id])?.label ?? null
        }))
      }))
  }
}

function nameOf(step: Step): string {
  switch (step.kind) {
    case 'items':
      return `two ways of working, part ${step.number}`
    case 'block':
      return `set ${step.number}: ${step.block.situation}`
    case 'habits':
      return 'where your hours went'
  }
}

function changeLink(step: Step) {
  return { id: step.name, name: nameOf(step), change: `${step.url}?from=review` }
}

/** The optional questions. */
export function contextPage(questionnaire: Questionnaire, chosen: Answers['context']) {
  const heading = 'Five questions about where you work'
  return {
    view: 'quiz/context',
    title: heading,
    heading,
    action: paths.context,
    back: paths.review,
    questions: questionnaire.context.map(({ id, question, options }) => ({
      id,
      question,
      options: [...options, { id: notSaid, label: 'Prefer not to say' }].map((option, index) => ({
        id: `${id}-${index + 1}`,
        value: option.id,
        label: option.label,
        checked: chosen[id] === option.id
      }))
    }))
  }
}

/** Six quick choices between two statements that were seen before, or none: the taker decides. */
export function tieBreakerPage(
  questionnaire: Questionnaire,
  pairs: readonly (readonly [string, string])[],
  { chosen, faults, now }: Pick<Shown, 'chosen' | 'faults' | 'now'>
) {
  const heading = 'Six quick choices would sharpen your result'
  const statements = questionnaire.blocks.flatMap(({ situation, statements }) =>
    statements.map(({ id, text }) => ({ id, text, situation }))
  )
  return {
    view: 'quiz/tie-breaker',
    title: `${faults.length > 0 ? 'Error: ' : ''}${heading}`,
    heading,
    faults,
    shown: now,
    action: paths.tieBreaker,
    back: paths.context,
    duels: pairs.map((pair, index) => {
      const name = `duel-${index + 1}`
      return {
        name,
        number: index + 1,
        fault: faults.find((fault) => fault.id === `${name}-1`)?.message ?? null,
        options: pair.flatMap((id, side) =>
          statements
            .filter((statement) => statement.id === id)
            .map(({ text, situation }) => ({
              id: `${name}-${side + 1}`,
              value: id,
              situation,
              label: text,
              checked: chosen[name] === id
            }))
        )
      }
    })
  }
}
