/** What the wording of a questionnaire keeps to. */
export const limits = {
  blocks: 12,
  /** Words: of one statement, of a block on average, between the longest and the shortest of a block. */
  words: 16,
  meanOfBlock: 13,
  spreadOfBlock: 4,
  /** Words on average, between the archetype with the longest statements and the one with the shortest. */
  betweenArchetypes: 0.5,
  /** Flesch reading ease: of a block, and of a single sentence, where one long word weighs more. */
  ease: 60,
  easeOfOne: 50
}

/** They give away which archetype a statement stands for. A star stands for any ending. */
export const labelWords = [
  'architect*',
  'lead',
  'leader*',
  'leading',
  'leads',
  'led',
  'right hand*',
  'solution*',
  'solve*',
  'solving',
  'tech lead*'
]

/** They say how good a statement is, and so choose for the taker. A star stands for any ending. */
export const valueWords = [
  'bad',
  'best',
  'better',
  'brilliant',
  'clever*',
  'critical',
  'crucial',
  'effective*',
  'efficient*',
  'excellent',
  'good',
  'great',
  'important',
  'just',
  'merely',
  'only',
  'perfect*',
  'proper*',
  'right',
  'rightly',
  'simply',
  'smart',
  'strategic*',
  'successful*',
  'valuable',
  'worst',
  'wrong'
]

/** The words of `list` as one pattern; a space stands for a hyphen too. */
export function anyOf(list: readonly string[]): RegExp {
  const words = list.map((word) => word.replaceAll('*', '\\w*').replaceAll(' ', '[ -]'))
  return new RegExp(`\\b(?:${words.join('|')})\\b`, 'i')
}

/** Two things that are one: "and" or "or" in them does not make a second claim. */
export const naturalPairs = [
  'held up and why',
  'legal and several teams',
  'questions and answers',
  'sales or support',
  'those who decide and those affected'
]

/** Words that refer back to what was said before. */
export const backwardWords = [
  'both',
  'each',
  'it',
  'its',
  'one',
  'that',
  'their',
  'them',
  'these',
  'they',
  'this',
  'those',
  'us'
]
