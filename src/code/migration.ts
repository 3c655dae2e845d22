/** A migration in code as the engine reads it: a script of SQL with its transactions, and what nobody could read. */
import { createScript, runsOf, type FoundText, type Guard, type Part, type Script } from "../embedded/index.ts"
import type { CodeFacts } from "../files/framework.ts"
import type { Directive, Runner, Unit } from "../files/types.ts"
import { inQuotes } from "../source/quote.ts"
import type { Span } from "../source/span.ts"
import type { Collected, RawCall, Section } from "./languages/collected.ts"
import { withFiles } from "./languages/sql-files.ts"
import { readAlembic } from "./languages/alembic/read.ts"
import { readDjango, type DjangoPlace } from "./languages/django/read.ts"
import type { DjangoProject } from "./languages/django/history.ts"
import { readDoctrine } from "./languages/doctrine.ts"
import { readEcto } from "./languages/ecto/read.ts"
import { readEfcore } from "./languages/efcore/read.ts"
import { readLaravel } from "./languages/laravel/read.ts"
import { readLiquibase } from "./languages/liquibase/read.ts"
import { readPhinx } from "./languages/phinx.ts"
import { readRails } from "./languages/rails/read.ts"
import { parseCode } from "./parse.ts"
import { askForSqlFiles, readCode, type FindFiles } from "./read.ts"

export interface CodeMigration {
  readonly script: Script
  readonly units: readonly Unit[]
  /** See the session of the engine. */
  readonly doubts: readonly { readonly at: number; readonly words: readonly string[]; readonly columns?: readonly string[]; readonly of?: GuardedPart }[]
  readonly guarded: readonly GuardedPart[]
  /** Calls that only running the code would tell. */
  readonly unread: readonly Span[]
  /** Calls of schema builders in languages whose builders are not read. */
  readonly builders: number
  /** Parts of the file that do not run now; what comments say of them is not read. */
  readonly passedOver?: readonly Span[]
}

/** A part of the script that runs only where the database's schema gives some answers. */
export interface GuardedPart extends Span {
  readonly guards: readonly Guard[]
  /** The code may pass over it whatever the answers are. */
  readonly maybe: boolean
}

/** The file of a migration. */
export interface CodeFile {
  /** With `/` between the parts. */
  readonly path: string
  readonly source: string
}

/**
 * Reads one direction of a migration; null when it is not valid code.
 *
 * @param files Finds the SQL that the code reads, and what JavaScript and TypeScript import.
 */
export function readMigration(file: CodeFile, runner: Runner, facts: CodeFacts, direction: "up" | "down", files?: FindFiles): CodeMigration | null {
  const read = READERS[runner.framework]
  if (read !== undefined) {
    const collected = read(file, files, runner)
    return collected && fromCollected(withFiles(collected, file.source, files?.sqlFile ?? null), file, runner, facts, direction)
  }
  const program = parseCode(file.source)
  if (program === null) return null
  const { script, unread, sources } = readCode(program, file.source, runner.name, direction, files, runner.migrationSettings)
  const units = unitsOf(script, file.source, runner, facts, direction)
  const guarded = guardedParts(script)
  const doubts = [
    // Where names are not in the call itself, they may be those of any variable.
    ...unread.flatMap(({ start, end, wide, sql, at }) => {
      const words = wordsOf(`${wide ? sources : file.source.slice(start, end)} ${sql}`)
      return at.map((offset) => ({ at: offset, words }))
    }),
    ...script.parts.flatMap((part, index) => {
      if (part.found.conditional !== true || ROWS.test(part.found.text.sql)) return []
      const of = guarded.get(part)
      return [{ at: endOfGuard(script.parts, index), words: wordsOf(part.found.text.sql), ...(of !== undefined && { of }) }]
    }),
  ]
  return { script, units, unread, builders: 0, doubts: sorted(doubts), guarded: [...guarded.values()] }
}

function guardedParts({ parts }: Script): ReadonlyMap<Part, GuardedPart> {
  return new Map(parts.flatMap((part) => {
    const { start, end, found: { guards = [], maybe = false } } = part
    return guards.length === 0 ? [] : [[part, { start, end, guards, maybe }] as const]
  }))
}

/** All or none of what stands behind one guard runs: until its end, what the code made there is new. */
function endOfGuard(parts: readonly Part[], from: number): number {
  const outermost = parts[from]?.found.guards?.[0]
  let last = from
  while (outermost !== undefined && parts[last + 1]?.found.guards?.[0]?.question === outermost.question && parts[last + 1]?.found.guards?.[0]?.answer === outermost.answer) last += 1
  return parts[last]?.end ?? 0
}

/** A file by its name, or by that of a view of the gem scenic. */
const NAMES_FILE = /\.sql|\b(?:create|update|replace)_view\b/

/** The paths of the files of SQL that a migration reads, in either direction. */
export function sqlFilesOf(file: CodeFile, runner: Runner, { sqlFile, module }: FindFiles): ReadonlySet<string> {
  const { source } = file
  const paths = new Set<string>()
  if (!NAMES_FILE.test(source)) return paths
  const noted: FindFiles["sqlFile"] = (request) => {
    const file = sqlFile?.(request) ?? null
    if (file !== null) paths.add(file.path)
    return file
  }
  const read = READERS[runner.framework]
  if (read !== undefined) {
    const collected = read(file, null, runner)
    if (collected !== null) withFiles(collected, source, noted)
  } else {
    const program = parseCode(source)
    if (program !== null) askForSqlFiles(program, source, runner.name, { sqlFile: noted, module })
  }
  return paths
}

/** Readers for languages that are not parsed, by tool. */
const READERS: Readonly<Record<string, (file: CodeFile, files: Pick<FindFiles, "django" | "python" | "changelog"> | null | undefined, runner: Runner) => Collected | null>> = {
  rails: ({ source }) => readRails(source),
  django: (file, files) => readDjango(file.source, djangoPlace(file, files?.django ?? null)),
  alembic: ({ source }, files) => readAlembic(source, files?.python),
  ecto: ({ source }, _, { migrationSettings }) => readEcto(source, migrationSettings),
  efcore: ({ source }) => readEfcore(source),
  doctrine: ({ source }) => readDoctrine(source),
  laravel: ({ source }, _, { migrationSettings }) => readLaravel(source, migrationSettings === undefined ? undefined : Number(migrationSettings)),
  phinx: ({ source }) => readPhinx(source),
  liquibase: ({ path, source }, files) => (files?.changelog == null ? null : readLiquibase(path, source, files.changelog)),
}

/** Tables that Rails could not dump, such as those with a type that it does not know. */
const LEFT_OUT = /^# Could not dump table "(.*?)"/gm

/** Reads the dump of a schema that Rails writes (`db/schema.rb`). */
export function readRailsSchema(source: string): CodeMigration {
  const { script, doubts, unread, builders, guarded } = scriptOf(readRails(source), source, "up")
  const leftOut = [...source.matchAll(LEFT_OUT)].map(([, name = ""]) => name)
  return { script, unread, builders, doubts: [...doubts, { at: script.sql.length, words: leftOut }], units: [], guarded }
}

function djangoPlace({ path }: CodeFile, project: DjangoProject | null): DjangoPlace {
  const [name = "", , folder = ""] = path.split("/").reverse()
  return { app: project?.labelOf(path) ?? folder, name: name.replace(/\.py$/, ""), project }
}

/**
 * One statement that takes nothing away from what is known of a table, whether it ran or not: a column that no constraint is made for, an
 * index, and the validation of a foreign key that Rails looks up.
 */
const HARMLESS =
  /^\s*(?:alter\s+table\s+\S+\s+add\s+column\s(?:(?!\b(?:not\s+null|primary|unique|check|references|constraint|add|drop|rename|alter)\b)[^;])*|alter\s+table\s+\S+\s+validate\s+constraint\s+"fk_rails_\w+"\s*|create\s+(?:unique\s+)?index\s[^;]*);?\s*$/i

/** One statement that changes rows alone, or reads them and calls nothing that could change a schema. */
const ROWS =
  /^\s*(?:insert\s+into|update|delete\s+from|(?:select|with)(?![^;]*\binto\b)(?![^;]*(?:create|drop|alter|add|remove|rename|exec|set|migrat)\w*\s*\())\s[^;]*;?\s*$/i

/** Where in the code a text stands that stands nowhere. */
const NOWHERE = -1

/** The place of a span of the script in the code; null for what the code does not spell out. */
export function placeIn(script: Script, span: Span): Span | null {
  const place = script.place(span)
  return place === null || place.start === NOWHERE ? null : place
}

function fromCollected(all: Collected, { source }: CodeFile, runner: Runner, facts: CodeFacts, direction: "up" | "down"): CodeMigration {
  const { doubts, callOf, ...collected } = scriptOf(all, source, direction)
  const { script } = collected
  const before = runner.changedElsewhere === undefined ? [] : [{ at: 0, words: runner.changedElsewhere }]
  const isCut = all.calls.some(({ section }) => section !== undefined)
  const units = isCut ? sectionsOf(script, callOf, direction) : unitsOf(script, source, runner, facts, direction)
  return { ...collected, doubts: [...before, ...doubts], units, ...(all.passedOver !== undefined && { passedOver: all.passedOver }) }
}

/** The script of what was collected, in the order of the code. */
function scriptOf(all: Collected, source: string, direction: "up" | "down"): Omit<CodeMigration, "units"> & { readonly callOf: (part: Part) => RawCall | undefined } {
  const runs = ({ down }: { readonly down: boolean }): boolean => down === (direction === "down")
  const calls = new Map<FoundText, RawCall>()
  const texts: { readonly at: number; readonly found: FoundText }[] = []
  for (const call of all.calls.filter(runs)) {
    const found = { text: call.text, explicit: true, down: false, conditional: call.conditional, outside: call.outside, ...(call.derived === true && { derived: true }), ...(call.guards !== undefined && { guards: call.guards, maybe: call.maybe === true }) }
    calls.set(found, call)
    texts.push({ at: call.at, found })
  }
  const made = new Map<FoundText, string>()
  for (const { schema, name, at, maybeOlder } of all.tables.filter(runs)) {
    const table = schema === null ? inQuotes(name) : `${inQuotes(schema)}.${inQuotes(name)}`
    const sql = `CREATE TABLE ${maybeOlder ? "IF NOT EXISTS " : ""}${table} ()`
    const found = { text: { sql, segments: [], holes: [], from: NOWHERE, to: NOWHERE }, explicit: true, down: false }
    made.set(found, name)
    texts.push({ at: at.start, found })
  }
  texts.sort((left, right) => left.at - right.at)
  const script = createScript(texts.map(({ found }) => found))
  const builders = all.builders.filter(runs)
  const runsNow = ({ found }: Pick<Part, "found">): boolean => calls.get(found)?.section?.hasRun !== true
  const unparsable = script.unparsable.filter(runsNow).map(({ found }) => {
    const { from, to, holes, segments, sql } = found.text
    // What PostgreSQL rejects as somebody wrote it changes nothing; what is made of a call may be made in another way.
    const isCertain = holes.length === 0 && segments.every(({ kind }) => kind !== "fixed")
    return { start: from, end: to, at: calls.get(found)?.at ?? from, names: isCertain ? [] : wordsOf(sql) }
  })
  const unread = all.unread.filter(runs)
  const guarded = new Map([...guardedParts(script)].filter(([part]) => runsNow(part)))
  const positions = script.parts.map(({ start, found }) => ({ start, at: texts.find((text) => text.found === found)?.at ?? 0 }))
  const after = (offset: number): number => positions.find(({ at }) => at >= offset)?.start ?? script.sql.length
  const doubts = [
    ...builders.map(({ start, end, at = start, wide, names = [], columns }) => ({ at: after(at), words: [...wordsOf(wide ? source : source.slice(start, end)), ...names], ...(columns !== undefined && { columns }) })),
    ...unread.map(({ start, end, at = start }) => ({ at: after(at), words: wordsOf(source.slice(start, end)) })),
    ...unparsable.map(({ start, end, at, names }) => ({ at: after(at), words: [...wordsOf(source.slice(start, end)), ...names] })),
    // Its columns are not read, and what runs under a condition may not have run.
    ...script.parts.flatMap((part, index) => {
      const { end, found } = part
      const name = made.get(found)
      if (name !== undefined) return [{ at: end, words: [name] }]
      if (calls.get(found)?.conditional !== true || !runsNow(part) || ROWS.test(found.text.sql)) return []
      const of = guarded.get(part)
      return [{ at: of === undefined ? end : endOfGuard(script.parts, index), words: wordsOf(found.text.sql), ...(HARMLESS.test(found.text.sql) && { columns: [] }), ...(of !== undefined && { of }) }]
    }),
  ]
  return { script, unread: [...unread, ...unparsable], builders: builders.length, doubts: sorted(doubts), guarded: [...guarded.values()], callOf: ({ found }) => calls.get(found) }
}

/** The parts of the file that the tool runs by themselves. Without a transaction each call is a message of its own. */
function sectionsOf({ parts }: Script, callOf: (part: Part) => RawCall | undefined, direction: "up" | "down"): readonly Unit[] {
  const units: Unit[] = []
  let last: Section | undefined
  for (const part of parts) {
    const { section, isOneMessage = false } = callOf(part) ?? {}
    const open = units.at(-1)
    if (section === undefined || section.hasRun === true) continue
    if (open !== undefined && section === last && section.wrap !== "none") units[units.length - 1] = { ...open, end: part.end }
    else units.push({ ...section, start: part.start, end: part.end, direction, ...(isOneMessage && section.wrap === "none" && { send: "one message" }) })
    last = section
  }
  return units
}

/** Each text that runs outside a transaction is a message of its own; the others share what the tool opens. */
function unitsOf(script: Script, source: string, runner: Runner, facts: CodeFacts, direction: "up" | "down"): readonly Unit[] {
  const send = facts.pipelines === true ? "pipeline" : "one message"
  const base = { start: 0, end: script.sql.length, direction, wrap: runner.wrap, send, why: runner.why } as const
  const off = facts.off?.exec(source) ?? null
  const words = off === null ? "" : off[0].trim().replace(/\s+/g, " ").replace(/\($/, "()")
  if (off !== null && runner.refusesSwitch !== undefined) return [{ ...base, directive: directiveOf(words, source, off.index, runner.refusesSwitch) }]
  const none = off !== null || runner.wrap === "none"
  const why = off === null ? runner.why : `\`${words}\` turns off the transaction of ${runner.name}`
  if (none) return runsOf(script).map(({ start, end, alone }) => ({ ...base, start, end, wrap: "none", why, ...(alone ? {} : { send: "split" as const }) }))
  const units: Unit[] = []
  // Each text is a message of its own, which counts where one of them ends the transaction.
  const within = { ...base, send: "calls" } as const
  let from = 0
  for (const { start, end, found } of script.parts) {
    if (found.outside !== true) continue
    if (start > from) units.push({ ...within, start: from, end: start })
    units.push({ ...base, start, end, wrap: "none", why: `the call runs it outside of the transaction of ${runner.name}` })
    from = end
  }
  if (from < base.end || units.length === 0) units.push({ ...within, start: from })
  return units
}

function directiveOf(text: string, source: string, offset: number, reason: string): Directive {
  return { text, line: source.slice(0, offset).split("\n").length, span: { start: offset, end: offset + text.length }, effective: false, reason }
}

function sorted<T extends { readonly at: number }>(doubts: readonly T[]): T[] {
  return [...doubts].sort((left, right) => left.at - right.at)
}

/** What may be a name. */
function wordsOf(source: string): readonly string[] {
  return [...new Set(source.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])]
}
