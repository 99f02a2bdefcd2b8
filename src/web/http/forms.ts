/** A fault in a form: what to say, and the id of the control that it is about. */
export type FormFault = { id: string; message: string }

export type FormData = Record<string, unknown>

/** The parsed body of a form: never null, whatever was sent. */
export function formBody(body: unknown): FormData {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as FormData) : {}
}
