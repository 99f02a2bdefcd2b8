import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const CONNECTIONS = 48

/** One request, as it is written again and again, and the length of its answer, which is always the same. */
export type Shot = { port: number; request: Buffer; status: string; length: number }

/** Asks once, to learn how long the answer is. */
export async function shot(port: number, path: string, headers: Record<string, string>): Promise<Shot> {
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}`
  )
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  const socket = connect(port, '127.0.0.1')
  socket.write(request)
  let answer = Buffer.alloc(0)
  for await (const chunk of socket) {
    answer = Buffer.concat([answer, chunk])
    const head = answer.toString('latin1').split('\r\n\r\n', 1)[0] as string
    const body = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (answer.length >= head.length + 4 + body) break
  }
  return { port, request, status: answer.toString('latin1', 9, 12), length: answer.length }
}

/**
 * Answers in so many milliseconds, to connections that ask again as soon as they are answered. It counts bytes and
 * parses nothing: autocannon needs more of a processor to ask than Fastify to answer, and so leaves it idle half the
 * time, whatever it has to do.
 */
export async function load({ port, request, length }: Shot, milliseconds: number): Promise<number> {
  let answered = 0
  let isOver = false
  let fail: (error: Error) => void
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject
  })

  async function open(): Promise<Socket> {
    let received = 0
    const callback = (bytes: number) => {
      received += bytes
      for (; received >= length; received -= length) {
        answered++
        if (!isOver) socket.write(request)
      }
      return true
    }
    const socket = connect({ port, host: '127.0.0.1', onread: { buffer: Buffer.alloc(65_536), callback } })
    socket.setNoDelay()
    socket.on('error', (error) => fail(error))
    await once(socket, 'connect')
    return socket
  }

  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, open))
  for (const socket of sockets) socket.write(request)
  await Promise.race([new Promise((resolve) => setTimeout(resolve, milliseconds)), failed])
  isOver = true
  for (const socket of sockets) socket.destroy()
  return answered
}
