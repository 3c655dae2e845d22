import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { chooseName } from "../../schema/derived-names.ts"
import { quoteIdent } from "../../schema/format.ts"
import { listed } from "../dependents.ts"
import { nameNear } from "../near.ts"
import { qualifiedType } from "../qualified.ts"
import { fit, LOCK_TIMEOUT, NO_LOCK_TIMEOUT, parenthesized, quoteName } from "../sql.ts"
import { inTransaction, joinNotes, recipe } from "../steps.ts"

export type AddDomainConstraintParameters = Readonly<OperationOf<"alter domain">>

/**
 * ALTER DOMAIN ADD CONSTRAINT or SET NOT NULL: NOT VALID, then VALIDATE. The validation still locks every table that
 * uses the domain in SHARE mode, but nothing else waits behind an ACCESS EXCLUSIVE lock meanwhile.
 */
export function addDomainConstraint(operation: AddDomainConstraintParameters, context: RecipeContext): Step[] {
  const { action } = operation
  const { catalog } = context
  const known = catalog.type(operation.domain)
  const domain = qualifiedType(operation.domain, context)
  const condition =
    action.kind === "set not null" || (action.kind === "add constraint" && action.notNull)
      ? "(VALUE IS NOT NULL)"
      : action.kind === "add constraint" && action.expression !== null
        ? parenthesized(context.text(action.expression.span))
        : null
  if (condition === null) return []
  const checks = known?.kind === "domain" ? known.checks.map((check) => check.name) : []
  const label = condition === "(VALUE IS NOT NULL)" ? "not_null" : "check"
  const given = action.kind === "add constraint" ? (action.name?.name ?? null) : null
  const name = given ?? chooseName(domain.name, null, label, (candidate) => checks.includes(candidate))
  const users = known === undefined ? [] : catalog.usersOfType(known.id)
  const tables = [...new Set(users.map(({ relation }) => quoteName(nameNear(relation, domain, context))))]
  const alter = `ALTER DOMAIN ${quoteName(domain)}`
  const add = inTransaction(
    {
      deploy: "expand",
      title: "Hold new values to the condition, without checking those that are stored",
      note: "From here on writes that break it fail: ship the code that respects it first.",
    },
    null,
    fit(`${alter} ADD CONSTRAINT ${quoteIdent(name)}`, `CHECK ${condition} NOT VALID;`),
  )
  const [table] = tables
  const validate = inTransaction(
    {
      deploy: "migrate",
      title: "Check the values that are stored",
      note: joinNotes(
        tables.length === 0 ? "Every table that uses the domain" : listed(tables),
        "is locked against writes while it is read: choose a quiet hour for large tables.",
      ),
    },
    table === undefined ? null : { relation: table, mode: "SHARE", duration: "scan" },
    LOCK_TIMEOUT,
    `${alter} VALIDATE CONSTRAINT ${quoteIdent(name)};`,
    NO_LOCK_TIMEOUT,
  )
  return recipe([add, validate])
}
