import { asReadBy, parseFile, textReader } from "../parse/index.ts"
import type { LockMode, Statement } from "../parse/operation.ts"
import type { Origin } from "../schema/catalog.ts"
import { createCatalog } from "../schema/index.ts"
import { effectsOf } from "./index.ts"
import type { AffectedRelation, Effects } from "./types.ts"

/** What one statement does, in plain names. */
export interface StatementEffects {
  /** The statement's text, without the semicolon. */
  readonly sql: string
  /** The strongest lock on each relation that existed before the statement: `public.t`, `ACCESS EXCLUSIVE`. */
  readonly locks: readonly StatementLock[]
  /**
   * Relations whose stored file is written anew with its content; such a relation is in neither `scans` nor `builds`.
   */
  readonly rewrites: readonly string[]
  /** Tables read in full to check existing rows. */
  readonly scans: readonly string[]
  /** Tables on which an index is built. */
  readonly builds: readonly string[]
  /** Whether the statement can run in a transaction block. */
  readonly transaction: "allowed" | "forbidden"
  /** Why this major rejects the form; then no effects are given. */
  readonly unsupported?: string
  /** Why the statement cannot succeed on this schema; then no effects are given. `code` is the SQLSTATE. */
  readonly fails?: { readonly code: string; readonly why: string }
  /** What would have to be known; the effects then claim the more dangerous side. */
  readonly uncertain?: readonly string[]
}

/** A lock on one relation. */
export interface StatementLock {
  /** Schema-qualified, unquoted, as it was called before the statement: `public.t`. */
  readonly relation: string
  readonly kind: Exclude<AffectedRelation["kind"], "partitioned table">
  readonly mode: LockMode
}

/** What `effects()` is asked. */
export interface EffectsInput {
  /** SQL that made the database, replayed from an empty one. Without it nothing is known about the relations that `sql` names. */
  readonly schema?: string
  /** The statements to explain, one after the other: each meets what the ones before it left. */
  readonly sql: string
  /** PostgreSQL's major version, 11 to 18. */
  readonly pgVersion: number
}

/** The SQL of a schema that PostgreSQL's grammar rejects. */
export class SchemaError extends Error {
  constructor(
    readonly reason: string,
    readonly offset: number,
  ) {
    super(`the schema cannot be read: ${reason} (at offset ${offset})`)
  }
}

/**
 * What each statement of `sql` locks, rewrites, scans and builds in a database that `schema` made. Needs the grammar
 * module.
 *
 * @throws {RangeError} when `pgVersion` is not a major from 11 to 18.
 * @throws {Error} when `schema` has a syntax error.
 */
export function explainEffects({ schema, sql, pgVersion }: EffectsInput): StatementEffects[] {
  if (!Number.isInteger(pgVersion) || pgVersion < 11 || pgVersion > 18) {
    throw new RangeError(`pgVersion must be a major from 11 to 18, not ${pgVersion}`)
  }
  const catalog = createCatalog({ complete: schema !== undefined, pgVersion })
  const history = asReadBy(pgVersion, parseFile(schema ?? ""))
  const [error] = history.errors
  if (error !== undefined) throw new SchemaError(error.message, error.span.start)
  let transaction = 0
  const origin = (statement: Statement, deploy: number): Origin => ({
    file: deploy === 0 ? "schema" : "sql",
    span: statement.span,
    deploy,
    transaction: transaction++,
  })
  const { text: textOfSchema } = textReader(schema ?? "", history.statements)
  for (const statement of history.statements) catalog.apply(statement, origin(statement, 0), textOfSchema)
  // A dump leaves an empty search_path behind, in a session that nobody else sees.
  if (catalog.searchPath.length === 0) {
    catalog.endSession()
    catalog.supposeRows()
  }

  const file = asReadBy(pgVersion, parseFile(sql))
  const { text } = textReader(sql, file.statements)
  const results: { readonly start: number; readonly effects: StatementEffects }[] = file.errors.map((one) => ({
    start: one.statement.start,
    effects: { ...NOTHING, sql: text(one.statement), fails: { code: "42601", why: one.message } },
  }))
  for (const statement of file.statements) {
    const found = effectsOf(statement, catalog, { pgVersion, text })
    const refused = found.unsupported !== null || found.fails !== null
    const [conflict] = refused ? [] : catalog.apply(statement, origin(statement, 1), text)
    const fails = found.fails ?? (conflict === undefined ? null : { code: conflict.code, why: conflict.message })
    results.push({ start: statement.span.start, effects: plain(text(statement.span), { ...found, fails }) })
  }
  return results.sort((a, b) => a.start - b.start).map(({ effects }) => effects)
}

const NOTHING = { locks: [], rewrites: [], scans: [], builds: [], transaction: "allowed" } as const

function plain(sql: string, found: Effects): StatementEffects {
  const { transaction, unsupported, fails } = found
  if (unsupported !== null) return { ...NOTHING, sql, transaction, unsupported }
  if (fails !== null) return { ...NOTHING, sql, transaction, fails: { code: fails.code, why: fails.why } }
  return {
    sql,
    locks: found.locks.map(({ relation, mode }) => ({ relation: nameOf(relation), kind: kindOf(relation), mode })),
    rewrites: found.rewrites.map(({ relation }) => nameOf(relation)),
    scans: found.scans.map(({ relation }) => nameOf(relation)),
    builds: found.builds.map(({ relation }) => nameOf(relation)),
    transaction,
    ...(found.uncertain.length === 0 ? {} : { uncertain: found.uncertain }),
  }
}

function nameOf({ schema, name }: AffectedRelation): string {
  return `${schema}.${name}`
}

function kindOf({ kind }: AffectedRelation): StatementLock["kind"] {
  return kind === "partitioned table" ? "table" : kind
}
