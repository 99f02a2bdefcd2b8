import { Resvg } from '@resvg/resvg-js'

/** A picture as its pixels. */
export function pictureOf(png: Buffer) {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <image width="${width}" height="${height}" href="data:image/png;base64,${png.toString('base64')}"/></svg>`
  const { pixels } = new Resvg(svg).render()
  const isInk = (x: number, y: number) => {
    const [red = 0, green = 0, blue = 0] = pixels.subarray((y * width + x) * 4)
    return red + green + blue < 200
  }

  /** Where the dark pixels of a part of the picture begin and end, and how many they are. */
  function ink(left: number, right: number, top: number, bottom: number) {
    const found = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY, count: 0 }
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        if (!isInk(x, y)) continue
        found.from = Math.min(found.from, x)
        found.to = Math.max(found.to, x)
        found.count += 1
      }
    }
    return found
  }

  return { width, height, ink }
}
