import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { projectDirectory } from '../../src/config.ts'
import type { Score } from '../../src/content/check/balance.ts'
import { checkFolder } from '../../src/content/check/check.ts'
import { archetypes } from '../../src/content/schema.ts'
import { startVersion } from '../../src/content/versions.ts'
import { scorer } from '../../src/scoring/scores.ts'
import { type Changes, change, content, contentWith, publishAll } from '../support/content-copy.ts'
import { runBuilt } from '../support/server.ts'

const { score } = scorer(archetypes)
const none = { random: 0, samePlaces: 0 }

const folder = 'questionnaires/2026-11'
const files = { blocks: `${folder}/blocks.yaml`, path: `${folder}/path.yaml` }
const habits = `${folder}/habits.yaml`
const context = `${folder}/context.yaml`

/** The lines that name a fault. */
function faultsIn(directory: string, scoring: Score = score, takers = none): string[] {
  const { passes, report } = checkFolder(directory, scoring, takers)
  expect(passes, report).toBe(false)
  const [, listed] = report.split(/^Faults:$|cannot be used:$/m) as [string, string]
  return listed.split('\n').flatMap((line) => /^ {2}(.+)/.exec(line)?.[1] ?? [])
}

// biome-ignore lint/suspicious/noExplicitAny: what a test plants need not have the right shape.
type Loose = any

/** Edits a file as data. */
const edited = (edit: (data: Loose) => void) => (text: string) => {
  const data = parse(text)
  edit(data)
  return stringify(data)
}

/** Gives one statement another text. */
const saying = (block: number, statement: number, text: string) =>
  edited((blocks) => {
    blocks[block].statements[statement].text = text
  })

/** Makes one archetype’s statements a word longer, where the block has room for it. */
const longer = (archetype: string) =>
  edited((blocks) => {
    for (const { statements } of blocks.slice(1)) {
      const statement = statements.find((one: Loose) => one.archetype === archetype)
      statement.text = statement.text.replace('.', ' now.')
    }
  })

type Plant = [what: string, changes: Changes, named: string[]]

const plants: Plant[] = [
  [
    'a statement that is too long',
    {
      [files.blocks]: saying(
        0,
        0,
        'I rework the plan with all the team until in the end we all believe in it.'
      )
    },
    [
      `${files.blocks}: 0.statements.0.text: “slipping-team-date” has 17 words; 16 is the most`,
      `${files.blocks}: 0: “slipping” has statements of 14.00 words on average; 13 is the most`,
      `${files.blocks}: 0: “slipping” has statements that differ by 5 words; 4 is the most`
    ]
  ],
  [
    'a block that is too long on average',
    {
      [files.blocks]: edited((blocks) => {
        for (const statement of blocks[0].statements) statement.text = statement.text.replace('.', ' now.')
      })
    },
    [`${files.blocks}: 0: “slipping” has statements of 14.00 words on average; 13 is the most`]
  ],
  [
    'statements of very different lengths in a block',
    { [files.blocks]: saying(10, 0, 'I follow one stubborn fault.') },
    [`${files.blocks}: 10: “first-weeks” has statements that differ by 8 words; 4 is the most`]
  ],
  [
    'an archetype with longer statements',
    { [files.blocks]: longer('solver') },
    [
      `${files.blocks}: one archetype has longer statements than another: tech-lead 12.3, architect 12.4, solver 13.4, right-hand 12.3 words`
    ]
  ],
  [
    'a label word',
    { [files.blocks]: saying(5, 3, 'I let them lead a piece of our project while I stay near.') },
    [`${files.blocks}: 5.statements.3.text: “growth-project-piece” gives an archetype away: “lead”`]
  ],
  [
    'a label word in a situation',
    {
      [files.blocks]: edited((blocks) => {
        blocks[1].situation = 'The architecture is being planned'
      })
    },
    [`${files.blocks}: 1: “next-quarter” gives an archetype away: “architecture”`]
  ],
  [
    'a value word',
    { [files.blocks]: saying(11, 2, 'I gave a better shape to what others will build on for years.') },
    [`${files.blocks}: 11.statements.2.text: “year-end-others-build” says how good it is: “better”`]
  ],
  [
    'a double-barrelled statement',
    { [files.blocks]: saying(7, 3, 'I tame its darkest corner for good, and teach newcomers our ways.') },
    [
      `${files.blocks}: 7.statements.3.text: “old-system-dark-corner” says how good it is: “good”`,
      `${files.blocks}: 7.statements.3.text: “old-system-dark-corner” joins two claims: “and teach newcomers our ways” refers to nothing before it`
    ]
  ],
  [
    'a statement that is hard to read',
    {
      [files.blocks]: saying(
        2,
        3,
        'I identify the architectural regularities underlying our operational discontinuities.'
      )
    },
    [
      `${files.blocks}: 2.statements.3.text: “incident-shared-habit” gives an archetype away: “architectural”`,
      `${files.blocks}: 2.statements.3.text: “incident-shared-habit” is hard to read: ease -84; 50 is the least`,
      `${files.blocks}: 2: “incident” is hard to read: ease 53; 60 is the least for a block`
    ]
  ],
  [
    'a statement that is not about the taker',
    { [files.blocks]: saying(3, 3, 'Whichever hard problem has been left without a home is taken up.') },
    [
      `${files.blocks}: 3.statements.3.text: “reorganisation-homeless” does not speak of the taker (I, me, my, us, we)`
    ]
  ],
  [
    'a statement that appears twice',
    { [files.blocks]: saying(10, 0, 'I poke at a strange result that still makes no sense to me.') },
    [
      `${files.blocks}: 10.statements.0.text: “first-weeks-one-fault” says the same as “free-afternoon-strange-result”`
    ]
  ],
  [
    'an archetype twice, and so another one not at all',
    {
      [files.blocks]: edited((blocks) => {
        blocks[4].statements[1].archetype = 'architect'
      })
    },
    [`${files.blocks}: 4.statements.2: archetype "architect" appears twice`]
  ],
  [
    'a missing archetype',
    {
      [files.blocks]: edited((blocks) => {
        blocks[4].statements.pop()
      })
    },
    [`${files.blocks}: 4.statements: a block needs one statement for each archetype`]
  ],
  [
    'a missing block, which unsettles the places too',
    {
      [files.blocks]: edited((blocks) => {
        blocks.pop()
      })
    },
    [`${files.blocks}: has 11 blocks, not 12`]
  ],
  [
    'an archetype that always stands first',
    {
      [files.blocks]: edited((blocks) => {
        for (const { statements } of blocks) {
          statements.sort(
            (a: Loose, b: Loose) => Number(b.archetype === 'solver') - Number(a.archetype === 'solver')
          )
        }
      })
    },
    [
      `${files.blocks}: tech-lead stands first, second, third and last 0, 4, 4, 4 times, not equally often`,
      `${files.blocks}: architect stands first, second, third and last 0, 4, 4, 4 times, not equally often`,
      `${files.blocks}: solver stands first, second, third and last 12, 0, 0, 0 times, not equally often`,
      `${files.blocks}: right-hand stands first, second, third and last 0, 4, 4, 4 times, not equally often`
    ]
  ],
  [
    'an id of another file',
    {
      [habits]: edited(({ kinds }) => {
        kinds[3].id = 'incident'
      })
    },
    [`${habits}: kinds.3.id: “incident” is the id of something in blocks.yaml already`]
  ],
  [
    'path items with management on one side more often',
    {
      [files.path]: edited(({ lean }) => {
        lean[2].management = 'left'
      })
    },
    [`${files.path}: lean: four of the eight items must have management on the left, four on the right`]
  ],
  [
    'items on how one measures oneself with management on one side',
    {
      [files.path]: edited(({ lean }) => {
        lean[3].measure = false
        lean[0].measure = true
      })
    },
    [`${files.path}: lean: the items with “measure” have management on both sides, not right, right`]
  ],
  [
    'hybrid items with the hybrid on one side, and measuring the same',
    {
      [files.path]: edited(({ hybrid }) => {
        hybrid[1].hybrid = 'right'
        hybrid[1].measures = 'pendulum'
      })
    },
    [
      `${files.path}: hybrid: the two items have the hybrid on different sides`,
      `${files.path}: hybrid: one item measures pendulum and one both-at-once, not pendulum, pendulum`
    ]
  ],
  [
    'a value word in a path item',
    {
      [files.path]: edited(({ hybrid }) => {
        hybrid[0].left.text = 'I keep to one kind of role and get better every year.'
      })
    },
    [`${files.path}: hybrid.0.left.text: says how good it is: “better”`]
  ],
  [
    'a habit that is asked for twice, and so another one not at all',
    {
      [habits]: edited(({ kinds }) => {
        kinds[1].habit = 'preening'
      })
    },
    [
      `${habits}: kinds: asks for “snacking” 0 times, not once`,
      `${habits}: kinds: asks for “preening” 2 times, not once`
    ]
  ],
  [
    'bands that do not grow',
    {
      [habits]: edited(({ bands }) => {
        bands[2].hours = 3
      })
    },
    [`${habits}: bands.2.hours: “day” is not more than the band before it`]
  ],
  [
    'an option that appears twice',
    {
      [context]: edited((questions) => {
        questions[3].options[1].label = 'staff engineer'
      })
    },
    [`${context}: 3.options.3.label: “Staff engineer” can be chosen twice`]
  ]
]

test.each(plants)('%s: named with file, path and reason', (_what, changes, named) => {
  expect(faultsIn(contentWith(changes))).toEqual(named)
})

test('a change of a published version is named', () => {
  const directory = contentWith()
  change(directory, { [context]: (text) => text.replace('Senior engineer', 'A senior engineer') })
  expect(faultsIn(directory)).toEqual([
    `${folder}: was changed after it was published; publish a new version instead`
  ])
})

test('a missing file is named', () => {
  const directory = contentWith()
  rmSync(join(directory, habits))
  publishAll(directory)
  expect(faultsIn(directory)).toEqual([`${habits}: is missing`])
})

type Scored = ReturnType<Score>
type Answered = Parameters<Score>[1]

const known = new Map<string, Scored>()

/** The real scoring, with something wrong about it. The simulated takers are the same each time: score them once. */
function scoringWith(fault: (scored: Scored, answered: Answered) => Partial<Scored>): Score {
  return (questionnaire, answered) => {
    const key = JSON.stringify(answered.answers)
    const scored = known.get(key) ?? score(questionnaire, answered)
    known.set(key, scored)
    return { ...scored, ...fault(scored, answered) }
  }
}

const certain = (archetype: number) => ({ first: archetypes.map((_, a) => (a === archetype ? 1 : 0)) })
const isFirst = (archetype: number, { first }: Scored['profile']) => first[archetype] === Math.max(...first)
const markedIn = (block: string, { answers }: Answered) =>
  archetypes.findIndex((archetype) =>
    content.current.blocks.some(
      ({ statements }) =>
        statements.find(({ id }) => id === answers.blocks[block]?.most)?.archetype === archetype
    )
  )

const biased: [what: string, scoring: Score, named: RegExp][] = [
  [
    'an archetype that random answers bring first too often',
    scoringWith(({ profile }) => (isFirst(3, profile) ? { profile: certain(2) } : {})),
    /blocks\.yaml: solver comes first among takers who answer at random: \d+\.\d % of 400, where chance gives 25\.0 ± 8\.7 %/
  ],
  [
    'a place of the screen that brings one archetype first',
    scoringWith(({ leading }, { answers, arrangement }) => {
      const [{ block, statements }] = arrangement as [Answered['arrangement'][number]]
      const { id, statements: authored } = content.current.blocks[block]!
      const isThird = authored[statements[2]!]!.id === answers.blocks[id]?.most
      return isThird && leading.kind !== 'single' ? { profile: certain(0) } : {}
    }),
    /blocks\.yaml: tech-lead comes first among takers who mark place 3 Most: \d+\.\d % of 100/
  ],
  [
    'a block that decides for one archetype',
    scoringWith((_, answered) => (markedIn('growth', answered) === 1 ? { profile: certain(1) } : {})),
    /blocks\.yaml: 5: architect comes first after being marked Most in “growth”: 100\.0 % of/
  ],
  [
    'an archetype that nobody can be told',
    scoringWith(({ leading }) => {
      const told = leading.archetypes.map((archetype) => (archetype === 1 ? 0 : archetype))
      return { leading: { ...leading, archetypes: [...new Set(told)] } }
    }),
    /blocks\.yaml: who answers for architect is told tech-lead \(single\)/
  ],
  [
    'a pair that nobody can be told',
    scoringWith(({ leading }) =>
      [...leading.archetypes].sort().join() === '2,3' ? { leading: { kind: 'single', archetypes: [2] } } : {}
    ),
    /blocks\.yaml: who answers for solver and right-hand is told solver \(single\)/
  ],
  [
    'path items that lean by themselves',
    scoringWith((_, { answers }) =>
      answers.items['good-week'] === 5 ? { lean: { verdict: 'management' } } : {}
    ),
    /path\.yaml: lean: who always marks point 5 is told management/
  ]
]

test.each(biased)('%s: named', (_what, scoring, named) => {
  const faults = faultsIn(join(projectDirectory, 'content'), scoring, { random: 400, samePlaces: 400 })
  expect(faults).toContainEqual(expect.stringMatching(named))
})

test('a fault of a version that waits counts; one of a version that is not asked any more is only told', () => {
  const directory = contentWith({
    [files.blocks]: saying(11, 2, 'I gave a better shape to what others will build on for years.')
  })
  startVersion(directory, '2027-03')
  const copied = 'questionnaires/2027-03/blocks.yaml'
  change(directory, {
    [copied]: saying(11, 2, 'I gave the best shape to what others will build on for years.')
  })
  const waiting = checkFolder(directory, score, none)
  expect(waiting.passes).toBe(false)
  expect(waiting.report).toContain('Questionnaire 2027-03 (not published)')
  expect(waiting.report).toContain('Verdict: 2027-03 has 1 fault and must not be asked.')

  change(directory, {
    [copied]: saying(11, 2, 'I gave shape to something that others will build on for years.')
  })
  publishAll(directory)
  const { passes, report } = checkFolder(directory, score, none)
  expect(passes, report).toBe(true)
  expect(report).toContain('Verdict: 2026-11 is not asked any more, and would get 1 warning today.')
  expect(report).toMatch(/^Warnings:\n {2}.*2026-11.blocks\.yaml: 11\.statements\.2\.text: .*“better”/m)
})

test('npm run content:check prints the faults of another folder and ends with 1', async () => {
  const directory = contentWith({ [files.blocks]: (text) => text.replace('architect', 'wizard') })
  const { code, stdout } = await runBuilt('cli/check-content.js', {}, [directory])
  expect(stdout).toMatch(/2026-11.blocks\.yaml: 0\.statements\.1\.archetype: Invalid option/)
  expect(code).toBe(1)
})
