import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** One request as it is written, and what is expected of its answer. */
export type Shot = { request: Buffer; status: string; length: number }

/** One answer, as it came. */
export type Answer = { status: string; headers: Map<string, string>; body: Buffer; length: number }

export function get(path: string, headers: Record<string, string>): Buffer {
  return requestOf(`GET ${path}`, headers, '')
}

export function post(path: string, headers: Record<string, string>, fields: Record<string, string>): Buffer {
  const body = new URLSearchParams(fields).toString()
  const type = 'application/x-www-form-urlencoded'
  return requestOf(
    `POST ${path}`,
    { ...headers, 'content-type': type, 'content-length': `${body.length}` },
    body
  )
}

function requestOf(what: string, headers: Record<string, string>, body: string): Buffer {
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(`${what} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** Asks once. */
export async function ask(port: number, request: Buffer): Promise<Answer> {
  const socket = connect(port, '127.0.0.1')
  socket.write(request)
  let bytes = Buffer.alloc(0)
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk])
    const end = bytes.indexOf('\r\n\r\n')
    if (end === -1) continue
    const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
    const headers = new Map(lines.map((line) => line.split(': ') as [string, string]))
    const length = end + 4 + Number(headers.get('content-length') ?? 0)
    if (bytes.length < length) continue
    return { status: first.split(' ')[1]!, headers, body: bytes.subarray(end + 4), length }
  }
  throw new Error('The connection was closed before there was an answer')
}

/** A request whose answer is always as long as now, and has this status. */
export async function shot(port: number, request: Buffer, status = '200'): Promise<Shot> {
  const answer = await ask(port, request)
  if (answer.status !== status) throw new Error(`${request.toString().split('\r\n')[0]}: ${answer.status}`)
  return { request, status, length: answer.length }
}

/**
 * A connection that asks for one thing after the other and counts the bytes of the answers. It parses nothing: autocannon
 * needs more of a processor to ask than Fastify to answer, and so leaves it idle half the time, whatever it has to do.
 */
export async function connection(port: number) {
  let wanted = 0
  let status = ''
  let answered = () => {}
  let failed = (_error: Error) => {}
  const buffer = Buffer.alloc(65_536)
  let isBeginning = false

  function callback(bytes: number): boolean {
    if (isBeginning && buffer.toString('latin1', 9, 12) !== status) {
      failed(new Error(`Answered ${buffer.toString('latin1', 9, 12)} instead of ${status}`))
      return false
    }
    isBeginning = false
    wanted -= bytes
    if (wanted === 0) answered()
    if (wanted < 0) failed(new Error('The answer is longer than it was'))
    return true
  }

  const socket: Socket = connect({ port, host: '127.0.0.1', onread: { buffer, callback } })
  socket.setNoDelay()
  socket.on('error', (error) => failed(error))
  socket.on('close', () => failed(new Error('The connection was closed')))
  await once(socket, 'connect')

  return {
    /** Asks, and calls back with nothing or an error. */
    ask(shot: Shot, done: (error?: Error) => void) {
      wanted = shot.length
      status = shot.status
      isBeginning = true
      answered = done
      failed = done
      socket.write(shot.request)
    },
    close() {
      failed = () => {}
      answered = () => {}
      socket.destroy()
    }
  }
}

export type Connection = Awaited<ReturnType<typeof connection>>

/**
 * Answers to connections that ask again as soon as they are answered, each for what `next` says, until it says null or
 * time is over. Resolves to how many there were, and in how many milliseconds.
 */
export async function load(
  port: number,
  connections: number,
  next: (connection: number) => Shot | null,
  milliseconds = Number.POSITIVE_INFINITY
): Promise<{ answered: number; milliseconds: number }> {
  const open = await Promise.all(Array.from({ length: connections }, () => connection(port)))
  const start = performance.now()
  let answered = 0
  try {
    await Promise.all(
      open.map(
        (one, index) =>
          new Promise<void>((resolve, reject) => {
            const again = (error?: Error) => {
              if (error) return reject(error)
              const now = performance.now() - start
              const shot = now < milliseconds ? next(index) : null
              if (!shot) return resolve()
              one.ask(shot, (error) => {
                if (!error) answered++
                again(error)
              })
            }
            again()
          })
      )
    )
    return { answered, milliseconds: performance.now() - start }
  } finally {
    for (const one of open) one.close()
  }
}
