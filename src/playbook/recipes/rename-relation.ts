import type { Identifier, Name } from "../../parse/name.ts"
import type { RelationKeyword } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { acknowledged } from "../acknowledge.ts"
import { quoteIdent } from "../../schema/format.ts"
import { executeEach, formatOf, GRANTED } from "../settings.ts"
import { quoteName, regclass } from "../sql.ts"
import { brief, byHand, joinNotes, recipe } from "../steps.ts"

export type RenameRelationParameters = Readonly<{ relation: Name; keyword: RelationKeyword; newName: Identifier }>
export type SetSchemaParameters = Readonly<{ relation: Name; keyword: RelationKeyword; schema: Identifier }>

/** RENAME of a table or view. */
export function renameRelation(parameters: RenameRelationParameters, context: RecipeContext): Step[] {
  const { relation, keyword, newName } = parameters
  const target = { schema: relation.schema, name: newName.name }
  return recipe(moveSteps(relation, target, keyword, `RENAME TO ${quoteIdent(newName.name)}`, context))
}

/** SET SCHEMA of a table or view. */
export function setSchema({ relation, keyword, schema }: SetSchemaParameters, context: RecipeContext): Step[] {
  const target = { schema: schema.name, name: relation.name }
  return recipe(moveSteps(relation, target, keyword, `SET SCHEMA ${quoteIdent(schema.name)}`, context))
}

/**
 * The new name, and in the same transaction a view under the old one: a plain view over one table can be inserted into,
 * updated and deleted from (docs: CREATE VIEW, Updatable Views), and nobody ever sees the moment between.
 */
function moveSteps(
  old: Name,
  target: PlainName,
  keyword: RelationKeyword,
  action: string,
  context: RecipeContext,
): Step[] {
  const relation = context.catalog.relation(old)
  const kind = relation?.kind ?? keyword
  if (kind === "index" || kind === "sequence" || kind === "composite type") {
    const words = `ALTER ${keyword.toUpperCase()} ${quoteName(old)} ${action};`
    return [brief({ deploy: "expand", title: "Rename it" }, old, "ACCESS EXCLUSIVE", words)]
  }
  const isView = kind === "view" || kind === "materialized view"
  const secured = relation?.rowSecurity === true
  const invoker = secured && context.pgVersion >= 15 ? " WITH (security_invoker = true)" : ""
  const move = brief(
    {
      deploy: "expand",
      title: `Give it the new name, and a view the old one, in one transaction`,
      note: joinNotes(
        isView
          ? "Through the view the old name can be read; it can be written as far as the view itself could."
          : "Old code goes on reading and writing through the view. What a view cannot do under the old name: " +
              `TRUNCATE, COPY, ${context.pgVersion === 15 || context.pgVersion === 16 ? "MERGE, " : ""}ON CONFLICT ON CONSTRAINT, GROUP BY the primary key alone, show ctid and xmin, and be ` +
              "referenced by a foreign key.",
        secured && invoker === ""
          ? "The table has row security, which before PostgreSQL 15 a view applies for its owner and not for the " +
              "caller."
          : null,
      ),
    },
    old,
    "ACCESS EXCLUSIVE",
    `ALTER ${keyword.toUpperCase()} ${quoteName(old)} ${action};`,
    `CREATE VIEW ${quoteName(old)}${invoker} AS SELECT * FROM ${quoteName(target)};`,
    copyPrivileges(target, old),
  )
  const code = byHand({
    deploy: "migrate",
    title: `Ship code that uses ${quoteName(target)} alone`,
    note: "A column added later is not in the view: new columns need the new name.",
  })
  const drop = brief(
    { deploy: "contract", title: "Drop the view when no running code uses the old name" },
    old,
    "ACCESS EXCLUSIVE",
    acknowledged("object-drop-breaks-code", "no running code uses the old name", `DROP VIEW ${quoteName(old)};`),
  )
  return [move, code, drop]
}

/** Old code has the same privileges on the view as on what it shows. */
function copyPrivileges(from: PlainName, to: PlainName): string {
  const on = `ON ${formatOf(quoteName(to))} TO %s%s`
  return executeEach([
    { format: `GRANT %s ${on}`, values: ["privilege_type", ...GRANTED].join(",\n      "), from: "pg_class, aclexplode(relacl)", where: `oid = ${regclass(from)}` },
    {
      format: `GRANT %s (%I) ${on}`,
      values: ["privilege_type, attname", ...GRANTED].join(",\n      "),
      from: "pg_attribute, aclexplode(attacl)",
      where: `attrelid = ${regclass(from)} AND NOT attisdropped`,
    },
  ])
}
