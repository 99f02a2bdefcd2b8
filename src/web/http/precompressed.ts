import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Encoding } from './encodings.ts'

/** Bytes that are the same for everybody, made once in each encoding: when somebody first asks for it. */
export type ReadyBytes = { in(encoding: Encoding): Variant }

/** One encoding of the bytes, which has an entity tag of its own. */
export type Variant = {
  bytes: Buffer
  /** What an answer of 304 says too. */
  validators: { etag: string; 'cache-control': string; vary?: string }
  description: Record<string, string>
}

type Source = {
  type: string
  body: () => string | Buffer
  /** Without it, a client keeps the bytes, but asks each time whether they are still the same. */
  cacheControl?: string
  /** The headers of a request, beside Accept-Encoding, on which it depends whether these bytes are the answer. */
  vary?: string[]
}

const compressible = /^text\/|[/+](?:json|xml)\b/

export function readyBytes({ type, body, cacheControl = 'no-cache', vary = [] }: Source): ReadyBytes {
  const encoded = compressible.test(type)
  const varying = [...(encoded ? ['accept-encoding'] : []), ...vary].join(', ')
  const variants = new Map<Encoding, Variant>()
  let plain: Buffer | undefined

  function variantIn(encoding: Encoding): Variant {
    plain ??= Buffer.from(body())
    const bytes = compressed[encoding](plain)
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
    return {
      bytes,
      validators: {
        etag: `"${hash}"`,
        'cache-control': cacheControl,
        ...(varying && { vary: varying })
      },
      description: {
        'content-type': type,
        ...(encoding !== 'identity' && { 'content-encoding': encoding })
      }
    }
  }

  return {
    in(accepted) {
      const encoding = encoded ? accepted : 'identity'
      const variant = variants.get(encoding) ?? variantIn(encoding)
      variants.set(encoding, variant)
      return variant
    }
  }
}

/** As small as they get: some ten milliseconds for a page, once, of which everybody after the first has the gain. */
const compressed: Record<Encoding, (plain: Buffer) => Buffer> = {
  br: (plain) => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }),
  gzip: (plain) => gzipSync(plain, { level: 9 }),
  identity: (plain) => plain
}
