/** Where the functions of a revision run: those that `upgrade()` and `downgrade()` call or hand on, and what these call. */
import type { Range } from "../expression.ts"
import { blockEnd, isWord, textOf, type Token } from "../tokens.ts"

/** A place at which something runs. */
export interface Run {
  /** The token that names the function there. */
  readonly at: number
  readonly down: boolean
  /** Where it stands among what runs there, from 0 to 1. */
  readonly order: number
}

/** A place at which a function runs, at some depth of calls. */
interface Called extends Run {
  readonly depth: number
}

interface Body extends Range {
  readonly name: string
}

/** Finds where a token runs that stands in a function of its own; null for one that runs where it stands, as far as anybody can see. */
export function runsIn(tokens: readonly Token[], source: string): (at: number) => readonly Run[] | null {
  const bodies = bodiesIn(tokens, source)
  const runs = new Map<string, readonly Called[]>()
  const orderOf = (token: number, body: Body, { order, depth }: Called): number => order + (token - body.from) / (tokens.length + 1) ** depth
  for (const down of [false, true]) {
    const waiting: { readonly body: Body; readonly called: Called | null }[] = bodies.filter(({ name }) => directionOf(name) === (down ? "down" : "up")).map((body) => ({ body, called: null }))
    const found = new Set<string>()
    // It grows on the way.
    for (const { body, called } of waiting) {
      for (let token = body.from + 2; token < body.to; token += 1) {
        const named = bodies.find(({ name }) => name === textOf(tokens[token]) && directionOf(name) === null)
        if (named === undefined || tokens[token]?.kind !== "word" || found.has(named.name)) continue
        found.add(named.name)
        const run = called === null ? { at: token, down, order: 0, depth: 1 } : { at: called.at, down, order: orderOf(token, body, called), depth: called.depth + 1 }
        runs.set(named.name, [...(runs.get(named.name) ?? []), run])
        waiting.push({ body: named, called: run })
      }
    }
  }
  return (at) => {
    const body = bodies.find(({ from, to }) => from <= at && at < to)
    const called = body === undefined ? undefined : runs.get(body.name)
    return body === undefined || called === undefined ? null : called.map((run) => ({ at: run.at, down: run.down, order: orderOf(at, body, run) }))
  }
}

/** The functions that stand in no other one. */
function bodiesIn(tokens: readonly Token[], source: string): readonly Body[] {
  const bodies: Body[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const name = isWord(tokens[at], "def") ? textOf(tokens[at + 1]) : null
    if (name === null) continue
    const to = blockEnd(tokens, at, source)
    bodies.push({ name, from: at, to })
    at = to - 1
  }
  return bodies
}

function directionOf(name: string): "up" | "down" | null {
  return /^_?upgrade/.test(name) ? "up" : /^_?downgrade/.test(name) ? "down" : null
}
