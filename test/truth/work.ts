import type { Before, RelationBefore } from "./observation.ts"

/** A foreign key that the server said it validates. */
export interface ForeignKey {
  readonly name: string
  readonly child: number
  readonly parent: number
}

/** An index as it is after the statement. */
export interface IndexAfter {
  readonly name: string
  readonly table: number
  readonly file: number
}

/** What the server let us see of the work behind one statement. */
export interface Traces {
  readonly sql: string
  /** The server's messages at debug1. */
  readonly messages: readonly string[]
  /** File nodes after the statement, by oid. */
  readonly filesAfter: ReadonlyMap<number, number>
  /** Sequential scans the session started on each table; null where they cannot be counted. */
  readonly scanCounts: ReadonlyMap<number, number> | null
  readonly indexesAfter: readonly IndexAfter[]
  readonly foreignKeys: readonly ForeignKey[]
  /** Partitions by partitioned table, all levels. */
  readonly partitions: ReadonlyMap<number, readonly number[]>
}

export interface WorkDone {
  readonly rewrites: string[]
  readonly scans: string[]
  readonly builds: string[]
}

/** Statements whose reading of tables is a query's, not a check of existing rows. */
const query =
  /^\s*(with|select|insert|update|delete|merge|copy|explain|values|table|do|call|execute|refresh|vacuum|analyze|truncate|create\s+((temp|temporary|unlogged)\s+)?(table\b[^;]*?\bas\b|materialized\s+view))\b/i

/** Statements that give relations new, empty files. */
const emptying = /^\s*(truncate\b|refresh\b[^;]*\bwith\s+no\s+data\b)/i

/** Reads rewrites, scans and builds out of the traces, by the rules of README.md. */
export function workDone(before: Before, traces: Traces): WorkDone {
  const emptied = emptying.test(traces.sql)
  const builtIndexes = new Set(namesIn(traces, /^building index "(.*?)" on table/))
  const rewritten = new Set<RelationBefore>()
  if (!emptied) {
    for (const relation of before.values()) {
      const file = traces.filesAfter.get(relation.oid)
      if (file === undefined || file === relation.file) continue
      const kinds = ["table", "materialized view"]
      const moved = relation.kind === "index" && !relation.partitioned && !builtIndexes.has(relation.bareName)
      if (kinds.includes(relation.kind) || moved) rewritten.add(relation)
    }
  }
  for (const relation of [...rewritten]) {
    const table = relation.table === null ? undefined : before.get(relation.table)
    if (table !== undefined && rewritten.has(table)) rewritten.delete(relation)
  }
  const builtOn = emptied ? [] : tablesBuiltOn(before, traces)
  const scanned = new Set([
    ...resolve(before, traces, namesIn(traces, /^verifying table "(.*)"$/)),
    ...childrenChecked(before, traces),
    ...silentScans(before, traces, builtOn),
  ])
  const names = (relations: Iterable<RelationBefore>): string[] =>
    [...new Set([...relations].map((relation) => relation.name))].sort()
  return {
    rewrites: names(rewritten),
    scans: names([...scanned].filter((relation) => !rewritten.has(relation))),
    builds: names(builtOn.filter((relation) => !rewritten.has(relation))),
  }
}

function namesIn(traces: Traces, pattern: RegExp): string[] {
  return traces.messages.flatMap((message) => {
    const name = pattern.exec(message)?.[1]
    return name === undefined ? [] : [name]
  })
}

/** Relations of a name in any schema: the server's messages leave the schema out. */
function namesakes(before: Before, name: string): RelationBefore[] {
  return [...before.values()].filter((relation) => relation.bareName === name && relation.kind !== "index" && !relation.partitioned)
}

/** The tables that are named; of those of one name, what the session scanned is meant. */
function resolve(before: Before, traces: Traces, names: readonly string[]): RelationBefore[] {
  return names.flatMap((name) => {
    const candidates = namesakes(before, name)
    if (candidates.length < 2) return candidates
    return candidates.filter((relation) => (traces.scanCounts?.get(relation.oid) ?? 1) > 0)
  })
}

/**
 * Tables on which an index was built. Of those of one name, a new one among them, that is meant which has the index, in a file that was not
 * there before; a concurrent build names an index that is gone when it ends.
 */
function tablesBuiltOn(before: Before, traces: Traces): RelationBefore[] {
  const files = new Set([...before.values()].map(({ file }) => file))
  return traces.messages.flatMap((message) => {
    const [, index, table] = /^building index "(.*)" on table "(.*)"/.exec(message) ?? []
    const candidates = table === undefined ? [] : namesakes(before, table)
    const built = traces.indexesAfter.filter(({ name, file }) => name === index && !files.has(file))
    return built.length === 0 ? candidates : candidates.filter(({ oid }) => built.some((one) => one.table === oid))
  })
}

function childrenChecked(before: Before, traces: Traces): RelationBefore[] {
  const validated = namesIn(traces, /^validating foreign key constraint "(.*)"$/)
  return [...new Set(validated)].flatMap((name) => {
    const named = traces.foreignKeys.filter((key) => key.name === name)
    const children = [...new Set(named.flatMap((key) => [key.child, ...(traces.partitions.get(key.child) ?? [])]))]
    const tables = children.flatMap((oid) => before.get(oid) ?? []).filter((relation) => !relation.partitioned)
    // Partitions share the constraint's name; the server scans those that it validates.
    if (tables.length < 2) return tables
    return tables.filter((relation) => (traces.scanCounts?.get(relation.oid) ?? 1) > 0)
  })
}

/**
 * Checks that the server does without a word. Scans of a table that also gets an index are the build's (an exclusion constraint's
 * reads the table twice), scans of a referenced table are look-ups.
 */
function silentScans(before: Before, traces: Traces, builtOn: readonly RelationBefore[]): RelationBefore[] {
  if (traces.scanCounts === null || query.test(traces.sql)) return []
  const detaching = /\bdetach\s+partition\b/i.test(traces.sql)
  const validated = new Set(namesIn(traces, /^validating foreign key constraint "(.*)"$/))
  const checked = new Set(traces.foreignKeys.flatMap((key) => (detaching ? [key.child, ...(traces.partitions.get(key.child) ?? [])] : [])))
  const lookedUp = new Set(
    traces.foreignKeys
      .filter((key) => detaching || validated.has(key.name))
      .flatMap((key) => [key.parent, ...(traces.partitions.get(key.parent) ?? [])]),
  )
  return [...before.values()].filter((relation) => {
    const scans = traces.scanCounts?.get(relation.oid) ?? 0
    return scans > 0 && !builtOn.includes(relation) && (checked.has(relation.oid) || !lookedUp.has(relation.oid))
  })
}
