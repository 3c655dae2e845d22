import { validation } from "../playbook/index.ts"
import { quoteName } from "../playbook/sql.ts"
import { quoteIdent } from "../schema/format.ts"
import type { Finding } from "./finding.ts"
import type { Added, Seen } from "./added-constraint.ts"
import type { ActiveRules } from "./select.ts"

export const NEVER_VALIDATED = "constraint-never-validated"

/** A constraint that was added NOT VALID, when no later migration validates it. */
export function neverValidated({ source, relation, constraint, span, statement }: Added, seen: Seen, rules: ActiveRules): Finding[] {
  if (constraint.validated || !constraint.enforced || seen.validated.has(constraint.name)) return []
  // The deploy that adds a constraint does not validate it; the next one should have.
  if (source.deploy >= seen.lastDeploy || source.deploy <= seen.unsure.validated || !source.ordered) return []
  // Of a pending deploy's history all is looked at; otherwise only what is linted.
  if (source.report === seen.together) return []
  const table = { schema: relation.schema === seen.catalog.creationSchema ? null : relation.schema, name: relation.name }
  const data = { constraint: quoteIdent(constraint.name), table: quoteName(table), kind: constraint.kind }
  const finding = rules.own(NEVER_VALIDATED, source.path, span, statement, data)
  return finding === null ? [] : [{ ...finding, steps: [validation(table, [constraint.name], constraint.kind === "foreign key")] }]
}
