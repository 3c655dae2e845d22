/** What the attributes of a change say. */
import type { EmbeddedText } from "../../../embedded/index.ts"
import { listOf, textOf, type ChangelogNode, type ValueRun } from "../../../files/changelog/nodes.ts"
import { inQuotes } from "../../../source/quote.ts"
import type { Said } from "../arguments.ts"
import { embeddedText, type Range } from "../expression.ts"
import { literal, textOfParts, unknown, type Part } from "../made.ts"

/** How Liquibase writes names. Source: ObjectQuotingStrategy.java and AbstractJdbcDatabase.java. */
export type Quoting = "LEGACY" | "QUOTE_ALL_OBJECTS" | "QUOTE_ONLY_RESERVED_WORDS"

/** The reserved words of PostgreSQL, which Liquibase quotes. Source: PostgresDatabase.java. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently constraint " +
    "create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable desc distinct " +
    "do else end except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral " +
    "leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references " +
    "returning right select session_user similar some symmetric table tablesample then to trailing true union unique user using variadic verbose when " +
    "where window with"
  ).split(" "),
)

/** What holds for all changes of a changeset. */
export interface Setting {
  readonly properties: ReadonlyMap<string, string>
  readonly quoting: Quoting
  /** The text of a file that a change names. */
  readonly file: (path: string, isRelative: boolean) => { readonly path: string; readonly text: string } | null
  /** What the primary keys of tables are called, as the changes of the file before this one say. */
  readonly primaryKeys: Map<string, string>
}

/** A change, or a part of one such as a column. Its ranges are places in the file. */
export interface Change {
  readonly node: ChangelogNode
  readonly setting: Setting
  /** What is said by the change as a whole. */
  readonly range: Range
  /** Set as soon as something was asked for that only running Liquibase would tell. */
  readonly state: { isUnknown: boolean }
}

export function changeAt(node: ChangelogNode, setting: Setting, state = { isUnknown: false }): Change {
  return { node, setting, range: { from: node.span.start, to: node.span.end }, state }
}

/** Parts of a change: the columns of a table, the constraints of a column. */
export function partsOf(change: Change, name: string): readonly Change[] {
  return listOf(change.node, name).map((child) => changeAt(child, change.setting, change.state))
}

/** The value of an attribute; null where it is not given. */
export function said({ node, setting, state }: Change, name: string): Said | null {
  const found = node.children.find((child) => child.name === name)
  if (found === undefined || found.runs.length === 0) return null
  const runs = expanded(found.runs, setting.properties)
  if (runs.some(({ kind }) => kind === "hole")) state.isUnknown = true
  return { text: runs.map(({ value }) => value).join(""), range: rangeOf(runs, found) }
}

/** The same, where a text may be empty, and is one whatever its placeholders stand for. */
export function written(change: Change, name: string): Said | null {
  return saidOrEmpty({ ...change, state: { isUnknown: false } }, name)
}

/** The same, where a text may be empty. */
export function saidOrEmpty(change: Change, name: string): Said | null {
  const found = change.node.children.find((child) => child.name === name)
  return found?.isEmpty === true ? { text: "", range: { from: found.span.start, to: found.span.end } } : said(change, name)
}

export function isTrue(change: Change, name: string): boolean {
  return said(change, name)?.text.trim().toLowerCase() === "true"
}

/** Null where it is not given. */
export function truth(change: Change, name: string): boolean | null {
  const value = said(change, name)
  return value && value.text.trim().toLowerCase() === "true"
}

/** The text of a change itself, or of the first attribute that may hold it; null for none. */
export function bodyOf({ node, setting }: Change, names: readonly string[]): readonly ValueRun[] | null {
  const named = names.map((name) => node.children.find((child) => child.name === name && child.runs.length > 0)).find((child) => child !== undefined)
  const { runs } = node.runs.length > 0 ? node : (named ?? node)
  return runs.length === 0 ? null : expanded(runs, setting.properties)
}

function rangeOf(runs: readonly ValueRun[], { span }: ChangelogNode): Range {
  return { from: runs[0]?.from ?? span.start, to: runs.at(-1)?.to ?? span.end }
}

/** The default schema is what names without one are looked up in, so that nobody has to know what it is called. */
const PLACEHOLDER = /\$\{database\.(?:default|liquibase)SchemaName\}\.|\$\{([^{}\s]+)\}/g
const DEEPEST = 5

/** What Liquibase puts in for placeholders that no property is for. Source: ChangeLogParameters.java. */
const BUILT_IN: Readonly<Record<string, string>> = {
  "database.currentDateTimeFunction": "NOW()",
  "database.databaseProductName": "PostgreSQL",
  "database.typeName": "postgresql",
}

/** Values with what their placeholders stand for. */
function expanded(runs: readonly ValueRun[], properties: Setting["properties"]): readonly ValueRun[] {
  if (runs.every(({ value }) => !value.includes("${"))) return runs
  return runs.flatMap((run): readonly ValueRun[] => {
    const parts: ValueRun[] = []
    let at = 0
    const place = (start: number, end: number): Pick<ValueRun, "from" | "to"> => (run.kind === "plain" ? { from: run.from + start, to: run.from + end } : { from: run.from, to: run.to })
    for (const match of run.value.matchAll(PLACEHOLDER)) {
      const end = match.index + match[0].length
      if (match.index > at) parts.push({ ...run, value: run.value.slice(at, match.index), ...place(at, match.index) })
      const value = match[1] === undefined ? "" : valueOf(match[1], properties, 0)
      parts.push({ value: value ?? match[0], ...place(match.index, end), kind: value === null ? "hole" : "escape" })
      at = end
    }
    if (at < run.value.length) parts.push({ ...run, value: run.value.slice(at), ...place(at, run.value.length) })
    return parts
  })
}

/** Null for what no file says. */
function valueOf(name: string, properties: Setting["properties"], depth: number): string | null {
  const value = properties.get(name) ?? (Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined)
  if (value === undefined || depth > DEEPEST) return null
  let isKnown = true
  const full = value.replace(PLACEHOLDER, (_, inner: string | undefined) => {
    const found = inner === undefined ? "" : valueOf(inner, properties, depth + 1)
    isKnown &&= found !== null
    return found ?? ""
  })
  return isKnown ? full : null
}

/** SQL as it is written in the changelog. */
export function rawText(runs: readonly ValueRun[]): EmbeddedText {
  return embeddedText(runs.map((run) => (run.kind === "hole" ? { ...run, value: run.value.slice(2, -1) } : run)), runs[0]?.from ?? 0, runs.at(-1)?.to ?? 0)
}

/** Parts of a statement from SQL that is written in the changelog. */
export function rawParts(runs: readonly ValueRun[]): readonly Part[] {
  return runs.map((run) => (run.kind === "hole" ? unknown(run) : { sql: run.value, range: run }))
}

export function madeText(parts: readonly Part[], { range }: Change): EmbeddedText {
  return textOfParts(parts, (place) => place, range)
}

/** A name as Liquibase writes it into SQL, so that one without quotes is in lower case on the server. */
export function spelled(name: string, quoting: Quoting): string {
  if (quoting === "QUOTE_ALL_OBJECTS") return inQuotes(name)
  const isMixed = /\p{Ll}/u.test(name) && /\p{Lu}/u.test(name)
  const isPlain = /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name.toLowerCase())
  return isPlain && (!isMixed || quoting === "QUOTE_ONLY_RESERVED_WORDS") ? name : inQuotes(name)
}

export function named({ setting }: Change, { text, range }: Said): Exclude<Part, string> {
  return { sql: spelled(text.trim(), setting.quoting), range }
}

/** The name that an attribute gives; null where it is not given. */
export function nameOf(change: Change, name: string): Exclude<Part, string> | null {
  const found = said(change, name)
  return found && named(change, found)
}

/** `a, b`; null where it is not given. */
export function namesOf(change: Change, name: string): readonly Part[] | null {
  const found = said(change, name)
  if (found === null) return null
  const names = found.text.split(",").map((one) => spelled(one.trim(), change.setting.quoting))
  return [{ sql: names.join(", "), range: found.range }]
}

/** What a name stands in: the default schema is not written, and one that only running Liquibase would tell is left open. */
export function inSchema(change: Change, name: string, schema = "schemaName"): readonly Part[] | null {
  const own = said(change, name)
  const node = change.node.children.find((child) => child.name === schema && child.runs.length > 0)
  if (own === null) return null
  if (node === undefined || /^\$\{database\.(?:defaultSchemaName|liquibaseSchemaName)\}$/.test(textOf(node).trim())) return [named(change, own)]
  const runs = expanded(node.runs, change.setting.properties)
  const range = rangeOf(runs, node)
  const isKnown = runs.every(({ kind }) => kind !== "hole")
  return [isKnown ? { sql: spelled(runs.map(({ value }) => value).join(""), change.setting.quoting), range } : unknown(range), ".", named(change, own)]
}

/** A text of the changelog as SQL writes it. */
export function quotedText({ text, range }: Said): Part {
  return { sql: literal(text), range }
}
