import { effectsOfOperation, hurtingWork, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"
import { addDomainConstraint } from "../src/playbook/index.ts"

export default defineRule({
  id: "domain-constraint-scans-tables",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "A new constraint on a domain reads every table that uses the domain and blocks writes to it meanwhile.",
    what: "Reports ALTER DOMAIN ... ADD CONSTRAINT without NOT VALID, and SET NOT NULL, of domains that tables use.",
    why:
      "SHARE is held on every table with a column of the domain while its rows are checked: INSERT, UPDATE and " +
      "DELETE wait.",
    instead: "Add the constraint NOT VALID and VALIDATE it in a later migration at a quiet time.",
    silent: "With NOT VALID, when no table known so far uses a domain that the migrations made, and for new tables.",
    references: ["https://www.postgresql.org/docs/current/sql-alterdomain.html"],
  },
  messages: {
    constraint:
      "the constraint on domain {domain} reads every table that uses it and blocks writes to them (SHARE) meanwhile",
  },
  operations: ["alter domain"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "alter domain")) {
      const { action, domain } = operation
      if (action.kind !== "set not null" && !(action.kind === "add constraint" && !action.notValid)) continue
      const isUnlisted = context.catalog.type(domain) === undefined && !context.catalog.complete
      if (!isUnlisted && hurtingWork(effectsOfOperation(operation, context), context) === null) continue
      yield {
        span: domain.span,
        message: "constraint",
        data: { domain: written(domain, context) },
        steps: addDomainConstraint(operation, context),
      }
    }
  },
})
