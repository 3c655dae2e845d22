import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { foreignKeyText } from "../carry.ts"
import { isSameTable } from "../facts.ts"
import { createNames, defaultLabel } from "../names.ts"
import { nameNear } from "../near.ts"
import { fit, quoteName } from "../sql.ts"
import { alsoLocked, brief, byHand, joinNotes, recipe } from "../steps.ts"
import { validation } from "./validate-constraint.ts"

export type EnforceConstraintParameters = Readonly<{ table: Name; constraint: Identifier }>

/**
 * A foreign key that was NOT ENFORCED: ENFORCED checks the rows under its lock (18), so another one is added NOT VALID and validated, and
 * takes its name.
 */
export function enforceConstraint({ table, constraint }: EnforceConstraintParameters, context: RecipeContext): Step[] {
  const { catalog } = context
  const relation = catalog.relation(table)
  const known = relation && catalog.constraint(relation.id, constraint.name)
  const target = known?.references == null ? undefined : catalog.relationById(known.references.table)
  const old = quoteIdent(constraint.name)
  if (known?.references == null || target === undefined) return [enforceByHand(old)]
  const references = nameNear(target, table, context)
  const name = createNames(table, context).constraint(known.columns, defaultLabel("foreign key"))
  const alter = `ALTER TABLE ${quoteName(table)}`
  const other = alsoLocked(isSameTable(table, references, context) ? [] : [quoteName(references)])
  return recipe([
    brief(
      { deploy: "expand", title: `Add ${quoteIdent(name)}, which checks new rows only, beside ${old}`, note: joinNotes(other, "From here on writes that break it fail.") },
      table,
      "SHARE ROW EXCLUSIVE",
      fit(`${alter} ADD CONSTRAINT ${quoteIdent(name)}`, `${foreignKeyText(known, known.columns, references, known.references.columns)} NOT VALID;`),
    ),
    validation(table, [name], true),
    brief(
      { deploy: "contract", title: `Drop ${old}, and give its name to the other one`, note: other },
      table,
      "ACCESS EXCLUSIVE",
      `${alter} DROP CONSTRAINT ${old};`,
      `${alter} RENAME CONSTRAINT ${quoteIdent(name)} TO ${old};`,
    ),
  ])
}

function enforceByHand(name: string): Step {
  return byHand({
    deploy: "expand",
    title: `Add the same foreign key again beside ${name}, NOT VALID`,
    note: `Then validate it in a later transaction, drop ${name}, and rename the new one.`,
  })
}
