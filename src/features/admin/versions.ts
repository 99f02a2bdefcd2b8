import type { Content } from '../../content/load.ts'

/** The versions that people have been asked, newest first: later ones are loaded, but wait to be published. */
export function versionsOf(content: Content): string[] {
  return [...content.questionnaires.keys()].filter((version) => version <= content.current.version).reverse()
}

/** What a page offers to choose from: nothing as long as there is one version. */
export function choicesOf(versions: readonly string[], chosen: string) {
  return versions.length > 1 ? versions.map((version) => ({ version, isChosen: version === chosen })) : []
}
