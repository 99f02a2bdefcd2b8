import type { Content } from '../../content/load.ts'

/** The versions that people have been asked, newest first: later ones are loaded, but wait to be published. */
export function versionsOf(content: Content): string[] {
  return [...content.questionnaires.keys()].filter((version) => version <= content.current.version).reverse()
}
