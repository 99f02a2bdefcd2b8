import type { Archetype } from '../content/schema.ts'

/** Every URL of the site. */
export const paths = {
  home: '/',
  quiz: '/quiz',
  pathPage: (number: number) => `/quiz/path/${number}`,
  block: (number: number) => `/quiz/sets/${number}`,
  habitsPage: '/quiz/habits',
  review: '/quiz/review',
  context: '/quiz/context',
  tieBreaker: '/quiz/six-more',
  view: (token: string) => `/r/${token}`,
  manage: (token: string) => `/m/${token}`,
  download: (token: string) => `/m/${token}/answers.json`,
  deletion: (token: string) => `/m/${token}/delete`,
  deleted: '/deleted',
  archetypes: '/archetypes',
  archetype: (id: Archetype) => `/archetypes/${id}`,
  compare: '/archetypes/compare',
  comparison: (a: Archetype, b: Archetype) => `/archetypes/compare?a=${a}&b=${b}`,
  path: '/path',
  habits: '/habits',
  limits: '/limits',
  howItWorks: '/how-it-works',
  privacy: '/privacy',
  admin: '/admin',
  login: '/admin/login',
  logout: '/admin/logout',
  export: '/admin/aggregate.csv',
  health: '/healthz',
  ready: '/readyz'
}
