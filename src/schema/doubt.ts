import type { Name } from "../parse/name.ts"
import type { Span } from "../source/span.ts"
import type { Relation } from "./catalog.ts"
import { findRelation } from "./names.ts"
import { forgetConstraint, markOpaque, put, setIndex, setRelation, type Store } from "./store.ts"

/**
 * What an unreadable statement leaves behind: any name may be taken or free, and the relations among its words are as if they
 * had been there before the first statement.
 *
 * @param columns Those that it may have changed; other ones, at most, were added. Without it, it may have changed all of them.
 */
export function doubtRelations(store: Store, words: readonly string[], columns?: readonly string[]): void {
  markOpaque(store)
  for (const relation of relationsNamed(store, words)) {
    if (columns?.length === 0) doubtLists(store, relation)
    else forgetRelation(store, relation, columns)
  }
}

/** In place of a schema that is filled in only when the migration runs there may stand any: what has the name elsewhere may be meant. */
export function doubtNamesakes(store: Store, name: Name, holes: readonly Span[]): void {
  const isOpen = name.schema !== null && holes.some(({ start, end }) => start < name.span.end && end > name.span.start)
  if (!isOpen || findRelation(store, name) !== undefined) return
  for (const relation of relationsNamed(store, [name.name])) forgetRelation(store, relation)
}

/** From now on any statement that hangs on what exists may succeed or fail. */
export function doubtEverything(store: Store): void {
  markOpaque(store)
  put(store, store.flags, "anything", true)
}

/** What changes columns, constraints or names. */
const CHANGES = /\balter\s+(?:foreign\s+)?table\b[\s\S]*?\b(?:add|drop|rename|alter|inherit|attach|detach|set\s+schema)\b|\bdrop\s+(?:table|view|schema|type|domain|owned)\b/i
/** A whole statement that changes how a column is stored and planned with, and nothing that another statement hangs on. */
const SETTING =
  /^\s*alter\s+table\s+(?:only\s+)?(?:"(?:[^"]|"")*"|[^\s"])+\s+alter\s+(?:column\s+)?(?:"(?:[^"]|"")*"|[^\s"]+)\s+set\s+(?:(?:statistics|storage|compression)\s+[^\s,;]+|\([^()]*\))[\s;]*$/i
/** What takes something away, or makes another thing of it. */
const TAKES_AWAY = /\b(?:drop|rename|alter\s+column|type|detach)\b/i
/** What gives tables policies, triggers and indexes that nobody lists, or takes them away. */
const CHANGES_PARTS = /\b(?:create|drop)\s+(?:or\s+replace\s+)?(?:constraint\s+|unique\s+)?(?:policy|trigger|index|rule)\b/i
/** A table whose name is put in: `ALTER TABLE %I`, `'ALTER TABLE ' || name`. */
const ANY_TABLE = /\b(?:alter|drop)\s+(?:foreign\s+)?table\s+(?:if\s+exists\s+)?(?:only\s+)?["(]?(?:[%$|]|'\s*\|\||$)/im

/**
 * What code may have done of which only the text is known: it names the tables that it changes, or is given their names.
 *
 * @param text Its texts, between bars.
 * @param given literal arguments of a call
 */
export function doubtCode(store: Store, text: string, given: readonly (string | null)[] = []): void {
  markOpaque(store)
  const code = text.split(" | ").filter((part) => !SETTING.test(part)).join(" | ")
  const parts = CHANGES_PARTS.test(code)
  if (!parts && !CHANGES.test(code)) return
  const words = [...code.matchAll(/"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*/gu)].map(
    ([word, quoted]) => quoted?.replaceAll('""', '"') ?? word.toLowerCase(),
  )
  const named = relationsNamed(store, new Set([...words, ...wordsOf(given)]))
  if (parts) for (const { name } of named.length > 0 ? named : store.relations.values()) put(store, store.doubtful, name, true)
  if (!CHANGES.test(code)) return
  // A name that comes from elsewhere may be any.
  const meant = ANY_TABLE.test(code) && relationsNamed(store, wordsOf(given)).length === 0 ? [...store.relations.values()] : named
  for (const relation of meant) {
    if (relation.kind === "sequence") continue
    if (TAKES_AWAY.test(code)) forgetRelation(store, relation)
    else doubtLists(store, relation)
  }
}

/** The same of a DO block, which puts SQL together of the texts in it. */
export function doubtBlock(store: Store, code: string): void {
  doubtCode(store, [...code.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = ""]) => text.replaceAll("''", "'")).join(" | "))
}

function wordsOf(given: readonly (string | null)[]): string[] {
  return given.flatMap((text) => (text === null ? [] : text.split(/[^\p{L}\p{N}_$]+/u)))
}

/** What a function of unknown body may have done to the tables that it is given. */
export function doubtGiven(store: Store, given: readonly (string | null)[]): void {
  for (const relation of relationsNamed(store, wordsOf(given))) doubtLists(store, relation)
}

/** A function that nobody knows may have given triggers and the like to the tables that it is told. */
export function doubtTold(store: Store, given: readonly (string | null)[]): void {
  for (const { kind, name } of relationsNamed(store, wordsOf(given))) if (kind !== "sequence") put(store, store.doubtful, name, true)
}

function relationsNamed(store: Store, words: Iterable<string>): Relation[] {
  const found: Relation[] = []
  for (const word of words) {
    for (const names of store.names.values()) {
      const id = names.get(word)
      const relation = id === undefined ? undefined : store.relations.get(id)
      if (relation !== undefined) found.push(relation)
    }
  }
  return found
}

/** There may be more columns, constraints and indexes than those that are known. */
function doubtLists(store: Store, relation: Relation): void {
  put(store, store.doubtful, relation.name, true)
  if (relation.known) setRelation(store, { ...relation, known: false })
}

function forgetRelation(store: Store, relation: Relation, columns?: readonly string[]): void {
  put(store, store.doubtful, relation.name, true)
  setRelation(store, { ...relation, known: false, columns: columns === undefined ? [] : relation.columns.filter(({ name }) => !columns.includes(name)) })
  for (const constraint of store.constraintsByTable.get(relation.id) ?? [])
    forgetConstraint(store, relation.schema, constraint)
  for (const index of store.indexesByTable.get(relation.id) ?? []) {
    put(store, store.doubtful, index.name, true)
    if (index.constraint !== null) setIndex(store, { ...index, constraint: null })
  }
}
