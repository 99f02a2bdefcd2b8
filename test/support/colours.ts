import {
  type Color,
  clampRgb,
  converter,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  wcagContrast
} from 'culori'

/** Contrast ratio of WCAG 2.2: 1 for the same colour twice, 21 for black on white. */
export const contrast: (a: string, b: string) => number = wcagContrast

/** What a colour looks like to most people, and to those who lack one of the three kinds of cones. */
export const visions = {
  normal: (colour: string): Color => linear(colour)!,
  protan: without(filterDeficiencyProt(1)),
  deutan: without(filterDeficiencyDeuter(1)),
  tritan: without(filterDeficiencyTrit(1))
}

/** CIEDE2000: 1 can just be told apart side by side, 10 at a glance. */
export const difference: (a: Color, b: Color) => number = differenceCiede2000()

/**
 * The colours among a stylesheet's custom properties, as each scheme sees them: those of `:root`, and over them
 * those that are set anew for dark.
 */
export function coloursIn(stylesheet: string) {
  const [, light = ''] = /^:root \{(.*?)\}/ms.exec(stylesheet) ?? []
  const [, dark = ''] = /^@media \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}/ms.exec(stylesheet) ?? []
  return { light: hexIn(light), dark: { ...hexIn(light), ...hexIn(dark) } }
}

function hexIn(block: string): Record<string, string> {
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[\da-f]{6});/g)].map(([, name, hex]) => [name, hex])
  )
}

/**
 * Machado, Oliveira & Fernandes (2009), at full severity. Their matrices are for linear light, while culori's filters
 * multiply encoded values: so they are handed linear ones under the other name.
 */
function without(filter: (colour: Color) => Color) {
  return (colour: string): Color => {
    const { r, g, b } = linear(colour)!
    return clampRgb({ ...filter({ mode: 'rgb', r, g, b }), mode: 'lrgb' } as Color)
  }
}

const linear = converter('lrgb')
