import { explainEffects, type StatementEffects } from "../../src/effects/public.ts"
import { effectsOf, type Effects } from "../../src/effects/index.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"
import { createCatalog } from "../../src/schema/index.ts"

/** The public answer about one statement on a schema that is known from its first statement on. */
export function explain(schema: string, sql: string, pgVersion = 18): StatementEffects {
  loadGrammar()
  const [effects] = explainEffects({ schema, sql, pgVersion })
  if (effects === undefined) throw new Error(`no statement in ${sql}`)
  return effects
}

/**
 * The same in one line, for exact expectations: `ACCESS EXCLUSIVE t, t_pkey; SHARE ROW EXCLUSIVE p; rewrite t`.
 * Strongest first, `public.` left out; a failure is its SQLSTATE.
 */
export function summary(schema: string, sql: string, pgVersion = 18): string {
  const { locks, rewrites, scans, builds, transaction, unsupported, fails } = explain(schema, sql, pgVersion)
  const parts = [
    ...modes.flatMap((mode) =>
      listed(
        mode,
        locks.filter((lock) => lock.mode === mode).map((lock) => lock.relation),
      ),
    ),
    ...listed("rewrite", rewrites),
    ...listed("scan", scans),
    ...listed("build", builds),
    ...(transaction === "forbidden" ? ["no transaction"] : []),
    ...(unsupported === undefined ? [] : ["unsupported"]),
    ...(fails === undefined ? [] : [`fails ${fails.code}`]),
  ]
  return parts.join("; ")
}

const modes = [
  "ACCESS EXCLUSIVE",
  "EXCLUSIVE",
  "SHARE ROW EXCLUSIVE",
  "SHARE",
  "SHARE UPDATE EXCLUSIVE",
  "ROW EXCLUSIVE",
  "ROW SHARE",
  "ACCESS SHARE",
]

function listed(what: string, names: readonly string[]): string[] {
  return names.length === 0
    ? []
    : [
        `${what} ${names
          .map((name) => name.replace(/^public\./, ""))
          .sort()
          .join(", ")}`,
      ]
}

/** The effects of a statement on a database of which only `history` was seen. */
export function guess(sql: string, { history = "", pgVersion = 18 } = {}): Effects {
  loadGrammar()
  const catalog = createCatalog({ complete: false, pgVersion })
  for (const statement of parseFile(history).statements) {
    const origin = { file: "history.sql", span: statement.span, deploy: 0, transaction: statement.span.start }
    catalog.apply(statement, origin, (span) => history.slice(span.start, span.end))
  }
  const [statement] = parseFile(sql).statements
  if (statement === undefined) throw new Error(`no statement in ${sql}`)
  return effectsOf(statement, catalog, { pgVersion, text: (span) => sql.slice(span.start, span.end) })
}
