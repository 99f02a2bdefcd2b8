import { constants, crc32, deflateRawSync } from 'node:zlib'

/** A text in UTF-8, in gzip, but for some bytes of it that are not known yet. */
export type GzipWithRoom = {
  /** Bytes of the finished gzip. */
  length: number
  /** The gzip with these bytes in the room. */
  filledWith(bytes: Buffer): Buffer
}

const { Z_SYNC_FLUSH } = constants
/** RFC 1952: deflate, no name, no time, any system. */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255])

/**
 * Compresses what stands before and after a room of `size` bytes (at most 65,535) once, so that a page that differs in
 * little from one request to the next need not be compressed for each. The room is a stored block between two
 * compressed ones (RFC 1951, 3.2.4); only the checksum over all is computed anew.
 */
export function gzipWithRoom(before: Buffer, size: number, after: Buffer): GzipWithRoom {
  const start = Buffer.concat([header, deflateRawSync(before, { level: 9, finishFlush: Z_SYNC_FLUSH })])
  const block = Buffer.alloc(5)
  block.writeUInt16LE(size, 1)
  block.writeUInt16LE(~size & 0xffff, 3)
  // What stands after may refer to what stands before, but not to the room: bytes of 255 are in no UTF-8.
  const dictionary = Buffer.concat([before, Buffer.alloc(size, 255)]).subarray(-32_768)
  const end = deflateRawSync(after, { level: 9, dictionary })
  const checksum = crc32(before)

  const roomAt = start.length + block.length
  const length = roomAt + size + end.length + 8
  const template = Buffer.alloc(length)
  Buffer.concat([start, block, Buffer.alloc(size), end]).copy(template)
  template.writeUInt32LE((before.length + size + after.length) % 2 ** 32, length - 4)

  return {
    length,
    filledWith(bytes) {
      if (bytes.length !== size) throw new RangeError(`There is room for ${size} bytes, not ${bytes.length}`)
      const gzip = Buffer.from(template)
      bytes.copy(gzip, roomAt)
      const sum = crc32(bytes, checksum)
      // Of no bytes at all, zlib forgets the sum so far.
      gzip.writeUInt32LE(after.length > 0 ? crc32(after, sum) : sum, length - 8)
      return gzip
    }
  }
}
