import type { Identifier, LockMode, Name, RelationKeyword, Statement } from "../parse/operation.ts"
import type { ParsedBody } from "../parse/index.ts"
import type { Catalog, Index, Relation, UserType } from "../schema/catalog.ts"
import type { Span } from "../source/span.ts"
import { atLeast } from "./modes.ts"
import type { AffectedRelation, Effects, Failure, Lock, Work } from "./types.ts"

/** The effects of one statement while its operations are read one after the other. */
export interface Draft {
  readonly catalog: Catalog
  readonly pgVersion: number
  readonly statement: Statement
  readonly text: (span: Span) => string
  readonly inCode: boolean
  /** Reads a statement that runs inside this one. */
  readonly explain: (statement: Statement, within: Draft) => Effects
  /** What the bodies of functions do that the statement calls; shared by all that runs inside it. */
  readonly bodies: Map<ParsedBody, Effects>
  /** How many bodies are being read around this statement. */
  readonly depth: number
  readonly locks: Lock[]
  /** Positions in `locks`, once there are many. */
  positions: Map<number | string, number> | null
  readonly rewrites: Work[]
  readonly scans: Work[]
  readonly builds: Work[]
  readonly uncertain: string[]
  forbidden: string | null
  unsupported: string | null
  fails: Failure | null
}

/** What effects need beside the statement and the catalog. */
export interface EffectsOptions {
  readonly pgVersion: number
  /** The statement's source text. */
  readonly text: (span: Span) => string
  /** The statement stands in code, whose variables and arguments it may name like columns. */
  readonly inCode?: boolean
}

/** No effect at all; shared by all statements without one. */
export const NO_EFFECTS: Effects = {
  locks: [],
  rewrites: [],
  scans: [],
  builds: [],
  transaction: "allowed",
  forbidden: null,
  unsupported: null,
  fails: null,
  uncertain: [],
}

/** A draft in which nothing is claimed yet. */
export function createDraft(
  statement: Statement,
  {
    catalog,
    pgVersion,
    text,
    inCode,
    explain,
    bodies,
    depth,
  }: Pick<Draft, "catalog" | "pgVersion" | "text" | "inCode" | "explain" | "bodies" | "depth">,
): Draft {
  return {
    catalog,
    pgVersion,
    statement,
    text,
    inCode,
    explain,
    bodies,
    depth,
    locks: [],
    positions: null,
    rewrites: [],
    scans: [],
    builds: [],
    uncertain: [],
    forbidden: null,
    unsupported: null,
    fails: null,
  }
}

/** A rewrite reads every row and makes every index anew, so it stands for the scans and builds of its table. */
export function finish(draft: Draft): Effects {
  const { catalog, locks, rewrites, scans, builds, forbidden, unsupported, fails, uncertain } = draft
  const notRewritten = (work: Work) => !rewrites.some((rewrite) => same(rewrite.relation, work.relation))
  const certain = rewrites.length === 0 || (scans.length === 0 && builds.length === 0)
  return {
    locks: kept(locks),
    rewrites: kept(rewrites),
    scans: kept(certain ? scans : scans.filter(notRewritten)),
    builds: kept(certain ? builds : builds.filter(notRewritten)),
    // A form that the major does not know never gets as far as the check for a transaction.
    transaction: forbidden === null || unsupported !== null ? "allowed" : "forbidden",
    forbidden: unsupported === null ? forbidden : null,
    unsupported,
    fails: fails === null || catalog.unsure || catalog.mayBeAddedElsewhere(fails.code, fails.why, draft.text(draft.statement.span)) ? null : fails,
    uncertain: kept(uncertain),
  }
}

/** Effects are kept for the whole file, and most of their lists are empty: these share one. */
function kept<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NOTHING : list
}

const NOTHING: readonly never[] = []

function same(a: AffectedRelation, b: AffectedRelation): boolean {
  return a.id === null || b.id === null ? a.id === b.id && a.name === b.name && a.schema === b.schema : a.id === b.id
}

// ---------------------------------------------------------------------------------------------------------------------
// Recording

/** Records a lock; of several on one relation the strongest stays. */
export function lock(draft: Draft, relation: AffectedRelation, mode: LockMode, why: string | null = null): void {
  const { locks } = draft
  const position = positionOf(draft, relation)
  const known = locks[position]
  if (known === undefined) {
    if (locks.length >= FEW) draft.positions?.set(keyOf(relation), locks.length)
    locks.push({ relation, mode, why })
  } else if (!atLeast(known.mode, mode)) {
    locks[position] = { relation: known.relation, mode, why: known.why === null ? null : why }
  } else if (known.why !== null && why === null) {
    locks[position] = { relation: known.relation, mode: known.mode, why }
  }
}

/** Up to this many locks are searched one by one; more are looked up. */
const FEW = 16

/** Where the relation's lock stands; -1 when it has none. */
function positionOf(draft: Draft, relation: AffectedRelation): number {
  const { locks } = draft
  if (locks.length < FEW) return locks.findIndex((known) => same(known.relation, relation))
  draft.positions ??= new Map(locks.map((known, position) => [keyOf(known.relation), position]))
  return draft.positions.get(keyOf(relation)) ?? -1
}

function keyOf({ id, schema, name }: AffectedRelation): number | string {
  return id ?? `${schema}.${name}`
}

/** Claims that a table is rewritten. */
export function rewrite(draft: Draft, relation: AffectedRelation, why: string, assumed = false): void {
  record(draft.rewrites, relation, why, assumed)
}

/** Claims that a table is read. */
export function scan(draft: Draft, relation: AffectedRelation, why: string, assumed = false): void {
  record(draft.scans, relation, why, assumed)
}

/** Claims that an index of a table is built. */
export function build(draft: Draft, relation: AffectedRelation, why: string, assumed = false): void {
  record(draft.builds, relation, why, assumed)
}

function record(works: Work[], relation: AffectedRelation, why: string, assumed: boolean): void {
  for (let position = 0; position < works.length; position++) {
    const known = works[position]
    if (known === undefined || !same(known.relation, relation)) continue
    if (known.assumed && !assumed) works[position] = { relation, why, assumed }
    return
  }
  works.push({ relation, why, assumed })
}

/** Records what would have to be known. */
export function uncertain(draft: Draft, what: string): void {
  if (!draft.uncertain.includes(what)) draft.uncertain.push(what)
}

/** Records that the statement cannot run inside a transaction block. */
export function forbid(draft: Draft, command: string): void {
  draft.forbidden ??= `${command} cannot run inside a transaction block`
}

/** Records that the statement cannot succeed; of several reasons the first stays. */
export function fail(draft: Draft, code: string, why: string): void {
  // A placeholder may stand for any name, so a conclusion from names would be a guess.
  if (draft.statement.holes.length === 0) draft.fails ??= { code, why }
}

/**
 * Asked about a relation or index that is not listed: whether it certainly is not there, so that there is nothing to lock. The statement
 * then fails, unless it says IF EXISTS.
 */
export function refuseAbsent(draft: Draft, name: Name, noun: string, missingOk = false, code = "42P01"): boolean {
  if (!draft.catalog.rulesOut(name)) return false
  if (!missingOk) failWithout(draft, noun === "index" ? "index" : "relation", name, code, `${noun} "${name.name}" does not exist`)
  return true
}

/** Records that the statement cannot succeed because of the word at `span`. */
export function failAt(draft: Draft, span: Span, code: string, why: string): void {
  if (draft.statement.holes.length === 0) draft.fails ??= { code, why, span }
}

/** Records that the statement cannot succeed because there is no such column; `among`: the relations that could have it. */
export function failWithoutColumn(draft: Draft, name: Identifier, among: readonly Relation[], why: string): void {
  if (draft.statement.holes.length === 0) draft.fails ??= { code: "42703", why, column: { name, among: among.map(({ id }) => id) } }
}

/** Records that the statement cannot succeed because something is not there. */
export function failWithout(draft: Draft, kind: NonNullable<Failure["missing"]>["kind"], name: Name, code: string, why: string): void {
  if (draft.statement.holes.length === 0) draft.fails ??= { code, why, missing: { kind, name } }
}

// ---------------------------------------------------------------------------------------------------------------------
// Naming relations

/** A relation as effects name it. */
export function affected(relation: Relation): AffectedRelation {
  return { id: relation.id, schema: relation.schema, name: relation.name, kind: relation.kind }
}

export function affectedIndex(index: Index): AffectedRelation {
  return { id: index.id, schema: index.schema, name: index.name, kind: "index" }
}

/** A relation that the catalog does not list, named as in the statement. */
export function unlisted(draft: Draft, name: Name, kind: AffectedRelation["kind"] = "table"): AffectedRelation {
  return { id: null, schema: name.schema ?? draft.catalog.creationSchema, name: name.name, kind }
}

/** Whether a name means a system catalog, whose locks are left out. */
export function isSystem(name: Name): boolean {
  if (name.schema === null) return name.name.startsWith("pg_")
  return name.schema === "pg_catalog" || name.schema === "information_schema" || name.schema === "pg_toast"
}

const keywordNoun: Readonly<Record<RelationKeyword, string>> = {
  table: "table",
  index: "index",
  view: "view",
  "materialized view": "materialized view",
  sequence: "sequence",
  "foreign table": "foreign table",
}

/**
 * Looks a named relation up and locks it. Undefined when the catalog does not list it: it is then locked all the same
 * under its written name, or, when there certainly is none, the statement fails.
 */
export function lockNamed(
  draft: Draft,
  name: Name,
  mode: LockMode,
  keyword: RelationKeyword = "table",
  missingOk = false,
): Relation | undefined {
  const relation = draft.catalog.relation(name)
  if (relation !== undefined) {
    if (!(isSystem(name) && relation.schema === "pg_catalog")) lock(draft, affected(relation), mode)
    return relation
  }
  if (isSystem(name)) return undefined
  if (!refuseAbsent(draft, name, keywordNoun[keyword], missingOk)) lock(draft, unlisted(draft, name, keyword), mode)
  return undefined
}

/** Locks an index. */
export function lockIndex(draft: Draft, index: Index, mode: LockMode, why: string | null = null): void {
  lock(draft, affectedIndex(index), mode, why)
}

/** Locks every index of a table. */
export function lockIndexes(draft: Draft, relation: Relation, mode: LockMode, why: string): void {
  for (const index of draft.catalog.indexesOf(relation.id)) lockIndex(draft, index, mode, why)
}

/** A composite type as a relation: it has a row type in pg_class. */
export function affectedType(type: UserType): AffectedRelation {
  return { id: type.id, schema: type.schema, name: type.name, kind: "composite type" }
}

/** Whether a relation of this kind stores rows itself. */
export function storesRows(relation: Relation): boolean {
  return relation.kind === "table" || relation.kind === "materialized view"
}

/**
 * Whether a partitioned table stands for partitions that are not listed. One that was there before has some, or nothing could be inserted;
 * most often a function or an extension makes them.
 */
export function standsForPartitions(draft: Draft, { id, kind, name }: Relation): boolean {
  if (kind !== "partitioned table" || draft.catalog.complete || draft.catalog.children(id).length > 0) return false
  uncertain(draft, `which partitions ${name} has`)
  return true
}

/** The relation with its children, all levels; only itself for ONLY. */
export function treeOf(draft: Draft, relation: Relation, only: boolean): readonly Relation[] {
  return only ? [relation] : draft.catalog.tree(relation.id)
}

/** Why a child is locked when the statement names its parent; null for the relation itself. */
export function childWhy(root: Relation, member: Relation): string | null {
  if (member.id === root.id) return null
  return `${member.partition === null ? "inherits from" : "partition of"} ${root.name}`
}
