import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

/** Fastify with nothing but one reply: the bytes of a file at /, and at /unchanged that they have not changed. */
const [file = '', type = '', encoding = '', etag = ''] = process.argv.slice(2)
const bytes = readFileSync(file)
const app = Fastify()
app.get('/', (_request, reply) => {
  reply.headers({ 'content-type': type, ...(encoding && { 'content-encoding': encoding }) }).send(bytes)
})
app.get('/unchanged', (_request, reply) => {
  reply.code(304).header('etag', etag).send()
})
console.log(`ready at ${await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 0) })}`)
