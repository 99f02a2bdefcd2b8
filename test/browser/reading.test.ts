import { expect, test } from 'vitest'
import { archetypes } from '../../src/content/schema.ts'
import { paths } from '../../src/web/paths.ts'
import { content } from '../support/app.ts'
import { launched, listening } from '../support/browser.ts'

const { visit } = launched()

test('on the map of the archetypes, marks are where they belong and names apart', async () => {
  const site = await listening()
  const page = await (await visit(site)).newPage()
  await page.goto(paths.archetypes)
  for (const width of [320, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await page.evaluate(collisions), `${width} px`).toEqual([])
    for (const id of archetypes) {
      const { across, up } = content.map.places[id]
      const place = await page.evaluate(placeOf, `.picture .f-${id}`)
      expect(Math.abs(place.across - across), `${id} across at ${width} px`).toBeLessThan(0.05)
      expect(Math.abs(place.up - up), `${id} up at ${width} px`).toBeLessThan(0.05)
    }
  }
})

/** Runs in the page: where the middle of a mark lies on axes that reach from −1.2 to 1.2. */
function placeOf(mark: string) {
  const middleOf = (elements: Element[], start: 'left' | 'top', end: 'right' | 'bottom') => {
    const boxes = elements.map((element) => element.getBoundingClientRect())
    const [first, last] = [
      Math.min(...boxes.map((box) => box[start])),
      Math.max(...boxes.map((box) => box[end]))
    ]
    return { middle: (first + last) / 2, half: (last - first) / 2 }
  }
  const quadrants = [...document.querySelectorAll('.quadrant')]
  const marks = [document.querySelector(mark)!]
  const [x, y] = [middleOf(quadrants, 'left', 'right'), middleOf(quadrants, 'top', 'bottom')]
  const [markX, markY] = [middleOf(marks, 'left', 'right'), middleOf(marks, 'top', 'bottom')]
  return {
    across: ((markX.middle - x.middle) / x.half) * 1.2,
    up: ((y.middle - markY.middle) / y.half) * 1.2
  }
}

/** Runs in the page: names and marks that lie on one another or leave their quadrant. */
function collisions(): string[] {
  const things = [...document.querySelectorAll('.quadrant')].flatMap((quadrant) => {
    const names = [...quadrant.querySelectorAll('p')].map((name) => {
      const text = document.createRange()
      text.selectNode([...name.childNodes].findLast(({ nodeType }) => nodeType === Node.TEXT_NODE)!)
      return { what: name.textContent.trim(), box: text.getBoundingClientRect() }
    })
    const mark = { what: 'a mark', box: quadrant.querySelector('.mark')!.getBoundingClientRect() }
    return [mark, ...names].map((thing) => ({ ...thing, room: quadrant.getBoundingClientRect() }))
  })
  if (things.length !== 10) return [`there are ${things.length} names and marks`]
  return things.flatMap(({ what, box, room }, index) => [
    ...(box.left < room.left || box.right > room.right || box.top < room.top || box.bottom > room.bottom
      ? [`${what} leaves its quadrant`]
      : []),
    ...things
      .slice(index + 1)
      .filter(
        (other) =>
          box.left < other.box.right &&
          other.box.left < box.right &&
          box.top < other.box.bottom &&
          other.box.top < box.bottom
      )
      .map((other) => `${what} touches ${other.what}`)
  ])
}
