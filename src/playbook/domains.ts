import type { Catalog, Column, ColumnType } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import type { Names } from "./names.ts"
import type { PlainName } from "./sql.ts"
import type { Step } from "./step.ts"
import { formatType, quoteIdent } from "../schema/format.ts"
import { renameInExpression } from "./expressions.ts"
import { fit, parenthesized, quoteName } from "./sql.ts"
import { brief, joinNotes } from "./steps.ts"
import { notNullSteps } from "./recipes/set-not-null.ts"
import { validation } from "./recipes/validate-constraint.ts"

/** A domain with constraints, and those below it, taken apart. */
export interface ConstrainedDomain {
  readonly name: string
  /** What is left without any domain that has constraints. */
  readonly base: ColumnType
  readonly notNull: boolean
  readonly default: string | null
  readonly checks: readonly { readonly name: string; readonly text: string }[]
}

/** The domain as its parts; null where a new column of the type needs no look at its rows. */
export function constrainedDomain(type: ColumnType, catalog: Pick<Catalog, "type">): ConstrainedDomain | null {
  const domain = type.dimensions === 0 ? catalog.type(type) : undefined
  if (domain?.kind !== "domain") return null
  const below = constrainedDomain(domain.base, catalog)
  if (below === null && !domain.notNull && domain.checks.length === 0) return null
  return {
    name: domain.name,
    base: below?.base ?? domain.base,
    notNull: domain.notNull || below?.notNull === true,
    default: domain.default?.text ?? below?.default ?? null,
    checks: [...(below?.checks ?? []), ...domain.checks],
  }
}

/** The domain's base type as a column beside the table's others is given it. */
export function baseType({ base }: ConstrainedDomain, table: PlainName, { catalog }: RecipeContext): string {
  return formatType(base, table.schema === null ? catalog.searchPath : [])
}

/**
 * The domain's conditions as CHECKs of a column of its base type: a new column of the domain itself would be written into every row
 * (ATExecAddColumn). `final` is the name that the column has in the end.
 */
export function domainChecks(table: PlainName, column: string, domain: ConstrainedDomain, names: Names, final = column): Step[] {
  const steps = domain.checks.flatMap((check) => {
    const condition = renameInExpression(check.text, new Map([["value", column]]))
    if (condition === null) return []
    const constraint = names.constraint([final], "check")
    return [
      brief(
        { deploy: "expand", title: `Hold new rows to the domain's condition ${quoteIdent(check.name)}` },
        table,
        "ACCESS EXCLUSIVE",
        fit(
          `ALTER TABLE ${quoteName(table)} ADD CONSTRAINT ${quoteIdent(constraint)}`,
          `CHECK ${parenthesized(condition)} NOT VALID;`,
        ),
      ),
      validation(table, [constraint], false),
    ]
  })
  const [first, ...rest] = steps
  if (first === undefined) return steps
  const note =
    `The column has the domain's base type: a column of ${quoteIdent(domain.name)} itself would rewrite the table.`
  return [{ ...first, note: joinNotes(first.note, note) }, ...rest]
}

/** What the domain asks of its values, asked of a column of its base type that takes over from another one. */
export function carryDomain(
  { table, to, final, domain, column, names }: { readonly table: PlainName; readonly to: string; readonly final: string; readonly domain: ConstrainedDomain; readonly column: Column | undefined; readonly names: Names },
  context: RecipeContext,
): Step[] {
  const required = domain.notNull && column?.notNull !== true
  return [
    ...domainChecks(table, to, domain, names, final).map((step): Step => ({ ...step, deploy: "migrate" })),
    ...(required ? notNullSteps({ table, columns: [{ name: to, type: domain.base }], names, filled: true }, context) : []),
  ]
}
