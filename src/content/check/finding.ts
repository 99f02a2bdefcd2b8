/** Something that is wrong, or may be, in the content: which file, where in it, and why. */
export type Finding = { file: string; path: readonly PropertyKey[]; reason: string }

/** A finding in one line. */
export function lineOf({ file, path, reason }: Finding): string {
  return [file, ...(path.length > 0 ? [path.join('.')] : []), reason].join(': ')
}
