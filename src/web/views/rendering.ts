import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { FastifyReply } from 'fastify'
import Handlebars from 'handlebars'
import { type ReadyBytes, readyBytes } from '../http/precompressed.ts'
import { paths } from '../paths.ts'

/** What a view of views/ prints. */
export type Print = (view: string, model: object) => string

/** Sends a view as a page. */
export type Render = (reply: FastifyReply, view: string, model: object) => FastifyReply

/** A page that is the same for everybody: printed when somebody first asks, with the model as it is then, and kept. */
export type Share = (view: string, model: () => object, vary?: string[]) => ReadyBytes

export const html = 'text/html; charset=utf-8'

/**
 * Compiles every template of a folder; those in partials/ and layouts/ can be used by all. Templates are strict:
 * one that prints a value that its page model does not have throws instead of printing nothing.
 */
export function viewsIn(directory: string, globals: { assets: string; origin: string }) {
  const handlebars = Handlebars.create()
  handlebars.registerHelper('asset', (name: string) => `${globals.assets}/${name}`)
  handlebars.registerHelper('absolute', (path: string) => `${globals.origin}${path}`)
  handlebars.registerHelper('eq', (a: unknown, b: unknown) => a === b)

  const views = new Map<string, Handlebars.TemplateDelegate>()
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.hbs')) continue
    const name = file.slice(0, -'.hbs'.length).split(sep).join('/')
    const source = readFileSync(join(directory, file), 'utf8')
    const shared = /^(?:partials|layouts)\/(.+)$/.exec(name)?.[1]
    const template = handlebars.compile(source, { strict: true, preventIndent: true })
    if (shared) handlebars.registerPartial(shared, template)
    else views.set(name, template)
  }

  const print: Print = (name, model) => {
    const view = views.get(name)
    if (!view) throw new Error(`There is no view ${name}`)
    return view({ paths, ...model })
  }

  const render: Render = (reply, name, model) => {
    if (!('canonical' in model)) reply.header('x-robots-tag', 'noindex')
    return reply.type(html).send(print(name, model))
  }

  const share: Share = (name, model, vary = []) =>
    readyBytes({ type: html, body: () => print(name, model()), vary })

  return { print, render, share }
}
