/**
 * Flesch reading ease of sentences: 206.835 − 1.015 words per sentence − 84.6 syllables per word
 * (Flesch 1948). Above 60 is plain English. Syllables are counted as groups of vowels, a silent e left out.
 */
export function readingEase(sentences: string[]): number {
  const words = sentences.flatMap((sentence) => sentence.toLowerCase().match(/[a-z’']+/g) ?? [])
  const syllables = words.reduce((sum, word) => {
    const groups = word.replace(/(?<![aeiouy])e$|(?<=[^lt])es$|(?<=[^dt])ed$/, '').match(/[aeiouy]+/g)
    return sum + Math.max(1, groups?.length ?? 0)
  }, 0)
  return 206.835 - (1.015 * words.length) / sentences.length - (84.6 * syllables) / words.length
}
