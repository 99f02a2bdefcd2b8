import { constants, crc32, deflateRawSync } from 'node:zlib'

/** A text in gzip, but for some bytes of it that are not known yet. */
export type GzipWithRoom = {
  /** Bytes of the finished gzip. */
  length: number
  /** The gzip with this in the room; in both, each character stands for the byte of its number (latin1). */
  filledWith(bytes: string): string
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
  const lengthOfAll = uint32((before.length + size + after.length) % 2 ** 32)

  // Strings are put together without being copied.
  const upToRoom = Buffer.concat([start, block]).toString('latin1')
  const afterRoom = end.toString('latin1')
  return {
    length: upToRoom.length + size + afterRoom.length + 8,
    filledWith(bytes) {
      if (bytes.length !== size) throw new RangeError(`There is room for ${size} bytes, not ${bytes.length}`)
      const sum = crc32(Buffer.from(bytes, 'latin1'), checksum)
      // Of no bytes at all, zlib forgets the sum so far.
      return upToRoom + bytes + afterRoom + uint32(after.length > 0 ? crc32(after, sum) : sum) + lengthOfAll
    }
  }
}

/** Four bytes, the lowest first. */
function uint32(number: number): string {
  return String.fromCharCode(number & 255, (number >>> 8) & 255, (number >>> 16) & 255, number >>> 24)
}
