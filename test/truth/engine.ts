import { effectsOf, type AffectedRelation, type Effects } from "../../src/effects/index.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { asReadBy, parseFile } from "../../src/parse/index.ts"
import { createCatalog, snapshot, type MutableCatalog, type Snapshot } from "../../src/schema/index.ts"
import type { LockMode, RelationKind } from "./observation.ts"

/** What pgsafe claims about one statement: its public API's answer. */
export interface Claim {
  readonly sql: string
  readonly locks: readonly { readonly relation: string; readonly kind: RelationKind; readonly mode: LockMode }[]
  readonly rewrites: readonly string[]
  readonly scans: readonly string[]
  readonly builds: readonly string[]
  readonly transaction: "allowed" | "forbidden"
  readonly unsupported?: string
  readonly fails?: { readonly code: string; readonly why: string }
  readonly uncertain?: readonly string[]
}

let files = 0

interface Replay {
  /** What the statements do, each after the ones before it. */
  claim(sql: string): Claim[]
  /** The same, and then everything is undone. */
  attempt(sql: string): Claim[]
  catalog(): Snapshot
  /** Nothing ran that could not be read, so the catalog lists everything. */
  isComplete(): boolean
}

/** Replays a schema and then asks about one statement after the other. */
export function replay(schema: string, pgVersion: number): Replay {
  loadGrammar()
  const catalog = createCatalog({ complete: true, pgVersion })
  let prepared = ""
  for (const claim of claims(catalog, schema, pgVersion)) {
    const refused = claim.unsupported ?? claim.fails?.why
    if (refused !== undefined) throw new Error(`the schema's own statement is refused: ${claim.sql}: ${refused}`)
  }
  return {
    claim(sql) {
      const claimed = claims(catalog, sql, pgVersion, prepared)
      // EXECUTE runs what statements of the same text have prepared.
      if (/^(prepare(?! transaction)|deallocate|discard all)\b/i.test(sql)) prepared += `${sql};\n`
      return claimed
    },
    attempt(sql) {
      catalog.begin()
      try {
        return claims(catalog, sql, pgVersion)
      } finally {
        catalog.rollback()
      }
    },
    catalog: () => snapshot(catalog),
    isComplete: () => catalog.complete,
  }
}

/** @param before statements that the session has run already */
function claims(catalog: MutableCatalog, asked: string, pgVersion: number, before = ""): Claim[] {
  const sql = `${before}${asked}`
  const { statements, errors } = asReadBy(pgVersion, parseFile(sql))
  files += 1
  const text = (span: { start: number; end: number }): string => sql.slice(span.start, span.end)
  const found = statements.filter(({ span }) => span.start >= before.length).map((statement) => {
    const effects = effectsOf(statement, catalog, { pgVersion, text })
    const origin = { file: "truth.sql", span: statement.span, deploy: files, transaction: statement.span.start }
    const refused = effects.unsupported !== null || effects.fails !== null
    const conflict = refused ? undefined : catalog.apply(statement, origin, text)[0]
    const fails = effects.fails ?? (conflict === undefined ? null : { code: conflict.code, why: conflict.message })
    return asClaim(text(statement.span), effects, fails)
  })
  const rejected = errors.map((error): Claim => ({ ...asClaim(text(error.statement), null, null), unsupported: error.message }))
  return [...found, ...rejected]
}

function asClaim(sql: string, effects: Effects | null, fails: Effects["fails"]): Claim {
  const name = (relation: AffectedRelation): string => `${relation.schema}.${relation.name}`
  return {
    sql,
    locks: (effects?.locks ?? []).map(({ relation, mode }) => ({
      relation: name(relation),
      kind: relation.kind === "partitioned table" ? "table" : relation.kind,
      mode,
    })),
    rewrites: (effects?.rewrites ?? []).map((work) => name(work.relation)),
    scans: (effects?.scans ?? []).map((work) => name(work.relation)),
    builds: (effects?.builds ?? []).map((work) => name(work.relation)),
    transaction: effects?.transaction ?? "allowed",
    ...(effects?.unsupported == null ? {} : { unsupported: effects.unsupported }),
    ...(fails === null ? {} : { fails }),
    ...((effects?.uncertain.length ?? 0) === 0 ? {} : { uncertain: effects?.uncertain ?? [] }),
  }
}
