/**
 * `npm run bench` measures scoring, `npm run bench -- pages` the pages that are the same for everybody,
 * `npm run bench -- admin` the pages and downloads for whoever runs the site, and `npm run bench -- sizing` what a taker
 * costs.
 */
const [which = 'score'] = process.argv.slice(2)
const benches: Record<string, () => Promise<unknown>> = {
  score: () => import('./score.ts'),
  pages: () => import('./pages.ts'),
  admin: () => import('./admin.ts'),
  sizing: () => import('./sizing.ts')
}
const bench = benches[which]
if (bench) await bench()
else {
  console.error(`There is no bench ${which}, but: ${Object.keys(benches).join(', ')}`)
  process.exitCode = 1
}
