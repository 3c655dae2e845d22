import { formatType, isNarrowerInteger, quoteIdent } from "../schema/index.ts"
import type { Finding } from "./finding.ts"
import { nameAtEnd, type Added, type Seen } from "./added-constraint.ts"
import type { ActiveRules } from "./select.ts"

export const NARROWER_THAN_KEY = "foreign-key-narrower-than-key"

/** A foreign key with a column of a narrower integer type than what it references, in the end. */
export function narrowerThanKey({ source, relation, constraint, span, statement }: Added, { catalog }: Seen, rules: ActiveRules): Finding[] {
  const { references, columns } = constraint
  const referenced = references === null ? undefined : catalog.relationById(references.table)
  if (references === null || referenced === undefined || !source.report) return []
  for (const [position, name] of columns.entries()) {
    const own = catalog.column(relation, name)
    const key = catalog.column(referenced, references.columns[position] ?? "")
    if (own === undefined || key === undefined || !isNarrowerInteger(own.type, key.type)) continue
    const finding = rules.own(NARROWER_THAN_KEY, source.path, span, statement, {
      column: quoteIdent(own.name),
      table: nameAtEnd(relation, catalog),
      type: formatType(own.type),
      key: quoteIdent(key.name),
      referenced: nameAtEnd(referenced, catalog),
      wider: formatType(key.type),
    })
    return finding === null ? [] : [finding]
  }
  return []
}
