/** Takes down what a migration of Ecto does, in the order in which Ecto does it. */
import type { EmbeddedText } from "../../../embedded/index.ts"
import type { Span } from "../../../source/span.ts"
import type { Collected } from "../collected.ts"
import { embeddedText, type Range } from "../expression.ts"
import { madeText } from "../made.ts"
import type { Token } from "../tokens.ts"
import type { Statement } from "./tables.ts"
import { wordsIn, type Value } from "./values.ts"

/** How something runs. */
interface How {
  readonly conditional: boolean
  /** It does not wait for its turn among the commands. */
  readonly isImmediate?: boolean
}

/** What is collected, without its place and direction. */
type Found<Kind extends Exclude<keyof Collected, "passedOver">> = Omit<Collected[Kind][number], "at" | "down">
type Event =
  | { readonly kind: "call"; readonly found: Found<"calls"> }
  | { readonly kind: "unread"; readonly found: Found<"unread"> }
  | { readonly kind: "builder"; readonly found: Found<"builders"> }
  | { readonly kind: "table"; readonly found: Found<"tables"> }

export interface Recorder {
  /** SQL as it is written. */
  raw(value: Value & { readonly kind: "text" }, range: Range, how: How): void
  /** Raw SQL that only running the code would tell, or that is in a file. */
  unreadSql(range: Range, how: How & { readonly isPath?: true }): void
  /** SQL that Ecto makes. */
  made(statement: Statement, range: Range, how: How): void
  /**
   * A command that only running the code would tell.
   *
   * @param args What it is given, which may name what it changes.
   */
  unreadCommand(range: Range, args: readonly Value[], options: { readonly isWide: boolean; readonly columns?: readonly string[] }): void
  /** A table that the migration makes, whatever its columns are. */
  table(name: string, schema: string | null, maybeOlder: boolean): void
  /** What code does that has its turn as one command. */
  together(run: () => void): void
  /** Ecto runs the commands that wait. */
  flush(): void
}

/**
 * Commands wait until the function that gives them has returned. Source: lib/ecto/migration/runner.ex.
 *
 * @param isReverting `change` is reverted: the last command comes first.
 */
export function createRecorder(tokens: readonly Token[], isReverting = false): Recorder & { events(): readonly Event[] } {
  const done: Event[] = []
  const waiting: Event[][] = []
  let command: Event[] | null = null
  const spanOf = ({ from, to }: Range): Span => ({ start: tokens[from]?.start ?? 0, end: tokens[Math.max(to - 1, from)]?.end ?? 0 })
  const take = (event: Event, { isImmediate = false }: Partial<How> = {}): void => {
    if (command !== null) command.push(event)
    else if (isImmediate) done.push(event)
    else waiting.push([event])
  }
  const inTheirTurn = (commands: readonly Event[][]): Event[] => (isReverting ? [...commands].reverse() : commands).flat()
  const call = (text: EmbeddedText, { conditional }: How): Event => ({ kind: "call", found: { text, outside: false, conditional } })
  return {
    raw(value, range, how) {
      const { start, end } = spanOf(value.range ?? range)
      // What comes from elsewhere has no place of its own.
      const runs = value.runs.map((run) => (run.to > run.from ? run : { ...run, from: start, to: end }))
      if (runs.length === 0) return
      const text = runs.some(({ kind }) => kind !== "hole") ? embeddedText(runs, start, end) : null
      take(text === null ? { kind: "unread", found: spanOf(range) } : call(text, how), how)
    },
    unreadSql: (range, how) => take({ kind: "unread", found: { ...spanOf(range), conditional: how.conditional, ...(how.isPath === true && { isPath: true }) } }, how),
    made: (statement, range, how) => take(call(madeText(statement, tokens, range), how), how),
    unreadCommand: (range, args, { isWide, columns }) =>
      take({ kind: "builder", found: { ...spanOf(range), wide: isWide, names: [...new Set(args.flatMap(wordsIn))], ...(columns !== undefined && { columns }) } }),
    table: (name, schema, maybeOlder) => take({ kind: "table", found: { name, schema, maybeOlder } }),
    together(run) {
      const outer = command
      const own = outer ?? []
      command = own
      run()
      command = outer
      if (outer === null) waiting.push(own)
    },
    flush() {
      done.push(...inTheirTurn(waiting.splice(0)))
    },
    events: () => [...done, ...inTheirTurn(waiting)],
  }
}

/** Their place is that in the order of all. */
export function collectedOf(events: readonly Event[], down: boolean): Collected {
  const ordered = events.map((event, at) => ({ event, at }))
  return {
    calls: ordered.flatMap(({ event, at }) => (event.kind === "call" ? [{ ...event.found, at, down }] : [])),
    unread: ordered.flatMap(({ event, at }) => (event.kind === "unread" ? [{ ...event.found, at, down }] : [])),
    builders: ordered.flatMap(({ event, at }) => (event.kind === "builder" ? [{ ...event.found, at, down }] : [])),
    tables: ordered.flatMap(({ event, at }) => (event.kind === "table" ? [{ ...event.found, at: { start: at, end: at }, down }] : [])),
  }
}
