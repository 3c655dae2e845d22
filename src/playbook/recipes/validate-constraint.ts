import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { listed } from "../dependents.ts"
import { alterTable } from "../sql.ts"
import { inTransaction, lockOn, recipe } from "../steps.ts"

export type ValidateLaterParameters = Readonly<{ table: Name; constraint: Identifier }>

/** NOT VALID and VALIDATE that share a transaction: the VALIDATE moved to a later one. */
export function validateLater(parameters: ValidateLaterParameters, context: RecipeContext): Step[] {
  const relation = context.catalog.relation(parameters.table)
  const constraint = relation && context.catalog.constraint(relation.id, parameters.constraint.name)
  return recipe([validation(parameters.table, [parameters.constraint.name], constraint?.kind === "foreign key")])
}

/**
 * VALIDATE CONSTRAINT, in a migration after the one that added the constraints. One scan serves all CHECKs of a statement, and each foreign
 * key has its own (ATRewriteTables).
 */
export function validation(table: PlainName, constraints: readonly string[], foreignKey: boolean): Step {
  const names = constraints.map(quoteIdent)
  return inTransaction(
    {
      deploy: "migrate",
      title: `Check the rows that are there against ${listed(names)}, while reads and writes go on`,
      note:
        `In a migration of its own: in the transaction that added the ${names.length === 1 ? "constraint" : "constraints"} its lock would last through the ` +
        "scan." +
        (foreignKey ? " The referenced table is only locked in ROW SHARE mode." : ""),
    },
    lockOn(table, "SHARE UPDATE EXCLUSIVE", "scan"),
    alterTable(
      table,
      names.map((name) => `VALIDATE CONSTRAINT ${name}`),
    ),
  )
}
