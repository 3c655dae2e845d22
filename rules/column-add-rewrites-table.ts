import { addColumnSteps, effectsOfOperation, excerpt, isRequiredWithoutDefault, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import type { ColumnDefinition } from "../src/parse/operation.ts"
import type { Span } from "../src/source/span.ts"

export default defineRule({
  id: "column-add-rewrites-table",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Adding the column rewrites the whole table and blocks every query of it meanwhile.",
    what:
      "Reports ADD COLUMN with a volatile default (random(), gen_random_uuid(), clock_timestamp(), nextval()), " +
      "serial, GENERATED ... AS IDENTITY, GENERATED ... STORED, or a domain that has constraints.",
    why:
      "Each row needs a value of its own, so PostgreSQL copies the table and rebuilds its indexes under ACCESS " +
      "EXCLUSIVE: reads and writes wait for all of it.",
    instead: "Add the column empty, set its default for new rows, and fill the old rows in batches.",
    silent:
      "For constant, immutable and stable defaults ('eu', 0, now()), which PostgreSQL stores once since version 11, " +
      "for virtual generated columns, and on new and temporary tables.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  },
  messages: {
    default:
      "the volatile default {value} rewrites {table} and blocks all reads and writes of it (ACCESS EXCLUSIVE) " +
      "meanwhile",
    unknown:
      "if the default {value} is volatile, adding {column} rewrites {table} and blocks all reads and writes of it " +
      "(ACCESS EXCLUSIVE) meanwhile",
    serial:
      "adding the {value} column {column} rewrites {table} and blocks all reads and writes of it (ACCESS EXCLUSIVE) " +
      "meanwhile",
    identity:
      "adding the identity column {column} rewrites {table} and blocks all reads and writes of it (ACCESS EXCLUSIVE) " +
      "meanwhile",
    generated:
      "adding the stored generated column {column} rewrites {table} and blocks all reads and writes of it (ACCESS " +
      "EXCLUSIVE) meanwhile",
    domain:
      "the constraints of domain {value} make ADD COLUMN {column} rewrite {table} and block all reads and writes of " +
      "it (ACCESS EXCLUSIVE)",
  },
  operations: ["add column"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "add column")) {
      const { relation, column } = operation
      if (isRequiredWithoutDefault(column, context)) continue
      const effects = effectsOfOperation(operation, context)
      const rewrite = effects.rewrites.find((work) => !context.isNew(work.relation))
      if (rewrite === undefined) continue
      const cause = causeOf(column, rewrite.assumed, context)
      if (cause === null) continue
      yield {
        span: cause.span,
        message: cause.message,
        ...(rewrite.assumed && { severity: "warning" as const }),
        data: {
          value: excerpt(cause, context),
          column: written(column.name, context),
          table: written(relation, context),
        },
        ...addColumnSteps(operation, context),
      }
    }
  },
})

interface Cause {
  readonly span: Span
  readonly message: "default" | "unknown" | "serial" | "identity" | "generated" | "domain"
}

/**
 * Null for a type that is not known: it is an enum or an extension's type far more often than a domain with
 * constraints.
 */
function causeOf(column: ColumnDefinition, uncertain: boolean, { catalog }: RuleContext): Cause | null {
  if (column.serial) return { span: column.type.span, message: "serial" }
  if (column.identity !== null) return { span: column.identity.span, message: "identity" }
  if (column.generated !== null) return { span: column.generated.span, message: "generated" }
  const domain = catalog.type(column.type)
  if (domain?.kind === "domain" && (domain.notNull || domain.checks.length > 0))
    return { span: column.type.span, message: "domain" }
  if (column.default === null || column.default.functions.length === 0)
    return uncertain ? null : { span: column.type.span, message: "domain" }
  return { span: column.default.span, message: uncertain ? "unknown" : "default" }
}
