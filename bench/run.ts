/**
 * `npm run bench` measures scoring, `npm run bench -- pages` the pages that are the same for everybody, and
 * `npm run bench -- admin` the pages and downloads for whoever runs the site.
 */
const [which = 'score'] = process.argv.slice(2)
const benches: Record<string, () => Promise<unknown>> = {
  score: () => import('./score.ts'),
  pages: () => import('./pages.ts'),
  admin: () => import('./admin.ts')
}
const bench = benches[which]
if (bench) await bench()
else {
  console.error(`There is no bench ${which}, but: ${Object.keys(benches).join(', ')}`)
  process.exitCode = 1
}
