import { earlierOf } from "../src/engine/questions/earlier.ts"
import { nameIsTakenAgain } from "../src/engine/questions/later.ts"
import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { removedRelation } from "../src/engine/questions/removed.ts"
import { functionsNaming } from "../src/engine/questions/since.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import type { Name, RelationKeyword } from "../src/parse/operation.ts"
import { renameRelation, setSchema } from "../src/playbook/index.ts"

export default defineRule({
  id: "table-rename-breaks-code",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Renaming or moving a table or view in one step breaks the code that is running.",
    what: "Reports RENAME TO and SET SCHEMA of tables and (materialized) views that were there before the migration.",
    why:
      "The old name is gone the moment the change commits, and the code that is running still uses it: its queries " +
      "fail until the new version is everywhere.",
    instead:
      "In the same transaction, create a view under the old name (simple views take INSERT, UPDATE and DELETE); drop " +
      "it when no code uses it any more.",
    silent:
      "When the same transaction gives the old name to a view or another table, for the table that takes the place of " +
      "one renamed away, for relations that the same migration creates, and for indexes and sequences.",
    references: ["https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS"],
  },
  messages: {
    renamed: "renaming {kind} {name} to {newName} breaks running code that still uses {name}",
    moved: "moving {kind} {name} to schema {schema} breaks running code that finds it under its old schema",
  },
  operations: ["rename relation", "set schema"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "rename relation")) {
      const { relation, keyword, newName } = operation
      if (!isUsedByName(relation, keyword, context) || isSwap(relation, newName, context)) continue
      yield {
        span: relation.span,
        message: "renamed",
        data: { kind: keyword, name: written(relation, context), newName: written(newName, context) },
        steps: renameRelation({ relation, keyword, newName }, context),
        replaces: [operation],
        related: functionsNaming(relation, null, context),
        removes: [removedRelation(relation, context)],
      }
    }
    for (const operation of operationsOf(statement, "set schema")) {
      const { relation, keyword, schema } = operation
      if (!isUsedByName(relation, keyword, context)) continue
      yield {
        span: relation.span,
        message: "moved",
        data: { kind: keyword, name: written(relation, context), schema: written(schema, context) },
        steps: setSchema({ relation, keyword, schema }, context),
        replaces: [operation],
      }
    }
  },
})

/** ALTER TABLE also renames sequences and indexes: names that PostgreSQL derives for them, and for no table. */
const OWNED_NAME = /_(?:seq|pkey|idx)\d*$/

/** Indexes and sequences are rarely named by code; a name that something else takes at once keeps working. */
function isUsedByName(relation: Name, keyword: RelationKeyword, context: RuleContext): boolean {
  if (keyword === "index" || keyword === "sequence") return false
  const known = context.catalog.relation(relation)
  if (known?.kind === "sequence" || (known === undefined && (OWNED_NAME.test(relation.name) || context.catalog.index(relation) !== undefined))) return false
  return exists(relation, context) && !nameIsTakenAgain(relation, context)
}

/** The name is one that only this migration gave, or the relation takes the place of one that the same transaction renamed away. */
function isSwap(relation: Name, newName: { readonly name: string }, context: RuleContext): boolean {
  const { renamedFrom, renamedTo } = earlierOf(context)
  const { current, file } = context
  if (renamedTo.get(relation.name)?.file === file) return true
  return current.transaction.kind !== "autocommit" && renamedFrom.get(newName.name)?.transaction.id === current.transaction.id
}
