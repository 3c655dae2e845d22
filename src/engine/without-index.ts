import { parseFile } from "../parse/index.ts"
import { createIndex, type Step } from "../playbook/index.ts"
import type { Catalog, Index } from "../schema/catalog.ts"
import { quoteIdent } from "../schema/format.ts"
import type { Finding } from "./finding.ts"
import { nameAtEnd, type Added, type Seen } from "./added-constraint.ts"
import type { ActiveRules } from "./select.ts"
import { list } from "./words.ts"

export const WITHOUT_INDEX = "foreign-key-without-index"

/** A foreign key whose own columns no index of the table leads to, in the end. */
export function withoutIndex({ source, relation, constraint, span, statement }: Added, seen: Seen, rules: ActiveRules): Finding[] {
  if (constraint.kind !== "foreign key" || constraint.references === null || !source.report) return []
  // Of a table that was not seen whole some indexes may not be known.
  if (!relation.known || source.deploy <= seen.unsure.indexed) return []
  const { columns } = constraint
  if (columns.length === 0 || seen.catalog.indexesOf(relation.id).some((index) => leadsTo(index, columns))) return []
  const referenced = seen.catalog.relationById(constraint.references.table)
  const table = nameAtEnd(relation, seen.catalog)
  const data = {
    constraint: quoteIdent(constraint.name),
    table,
    referenced: referenced === undefined ? "the referenced table" : nameAtEnd(referenced, seen.catalog),
    columns: list(columns.map(quoteIdent)),
  }
  const finding = rules.own(WITHOUT_INDEX, source.path, span, statement, data)
  return finding === null ? [] : [{ ...finding, steps: build(table, columns, seen.catalog, seen.pgVersion) }]
}

/** Whether the checks of a foreign key can use the index: they look for rows with given values in its columns. */
function leadsTo({ valid, method, columns, predicate }: Index, wanted: readonly string[]): boolean {
  if (!valid || (method !== "btree" && method !== "hash")) return false
  // Values that are looked for are not NULL.
  const partly = predicate?.conjuncts.every((conjunct) => (conjunct.kind === "is not null" || conjunct.kind === "is distinct from null") && wanted.includes(conjunct.column)) === false
  const leading = columns.slice(0, wanted.length)
  return !partly && wanted.every((column) => leading.includes(column))
}

function build(table: string, columns: readonly string[], catalog: Catalog, pgVersion: number): Step[] {
  const sql = `CREATE INDEX ON ${table} (${columns.map(quoteIdent).join(", ")})`
  const [operation] = parseFile(sql).statements[0]?.operations ?? []
  if (operation?.op !== "create index") return []
  return createIndex(operation, { catalog, pgVersion, text: ({ start, end }) => sql.slice(start, end) })
}
