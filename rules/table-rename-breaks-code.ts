import { earlierOf } from "../src/engine/questions/earlier.ts"
import { nameIsTakenAgain } from "../src/engine/questions/later.ts"
import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { standInGap, type StandInGap } from "../src/engine/questions/stand-in.ts"
import { removedRelation } from "../src/engine/questions/removed.ts"
import { functionsNaming } from "../src/engine/questions/since.ts"
import { defineRule, type Problem, type RuleContext } from "../src/engine/rule.ts"
import { list } from "../src/engine/words.ts"
import type { Identifier, Name, RelationKeyword } from "../src/parse/operation.ts"
import { renameRelation, setSchema } from "../src/playbook/index.ts"
import { quoteIdent } from "../src/schema/format.ts"

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
      "When the same transaction gives the old name to another table, or to a view that has all its columns and takes writes, for the table that takes the place of " +
      "one renamed away, for relations that the same migration creates, and for indexes and sequences.",
    references: ["https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS"],
  },
  messages: {
    lacking: "{change} breaks running code: the view that takes its name lacks {columns}",
    readOnly: "{change} breaks running code that changes its rows: through the view that takes its name they cannot be changed",
    renamed: "renaming {kind} {name} to {newName} breaks running code that still uses {name}",
    moved: "moving {kind} {name} to schema {schema} breaks running code that finds it under its old schema",
  },
  operations: ["rename relation", "set schema"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "rename relation")) {
      const { relation, keyword, newName } = operation
      if (!isUsedByName(relation, keyword, context) || isSwap(relation, newName, context)) continue
      const left = whatIsLeft(relation, newName, context)
      if (left === "all") continue
      const [name, to] = [written(relation, context), written(newName, context)]
      yield {
        span: relation.span,
        ...(left === "nothing" ? { message: "renamed", data: { kind: keyword, name, newName: to } } : short(left, `renaming ${keyword} ${name} to ${to}`)),
        steps: renameRelation({ relation, keyword, newName }, context),
        replaces: [operation],
        related: functionsNaming(relation, null, context),
        removes: [removedRelation(relation, context)],
      }
    }
    for (const operation of operationsOf(statement, "set schema")) {
      const { relation, keyword, schema } = operation
      if (!isUsedByName(relation, keyword, context)) continue
      const left = whatIsLeft(relation, relation, context)
      if (left === "all") continue
      const [name, to] = [written(relation, context), written(schema, context)]
      yield {
        span: relation.span,
        ...(left === "nothing" ? { message: "moved", data: { kind: keyword, name, schema: to } } : short(left, `moving ${keyword} ${name} to schema ${to}`)),
        steps: setSchema({ relation, keyword, schema }, context),
        replaces: [operation],
      }
    }
  },
})

/** What the old name still serves for, once the transaction is done. */
function whatIsLeft(relation: Name, newName: Pick<Identifier, "name">, context: RuleContext): "all" | "nothing" | StandInGap {
  return nameIsTakenAgain(relation, context) ? (standInGap(relation, newName, context) ?? "all") : "nothing"
}

function short({ lacks }: StandInGap, change: string): Pick<Problem, "message" | "data"> {
  return lacks.length > 0 ? { message: "lacking", data: { change, columns: list(lacks.map(quoteIdent)) } } : { message: "readOnly", data: { change } }
}

/** ALTER TABLE also renames sequences and indexes: names that PostgreSQL derives for them, and for no table. */
const OWNED_NAME = /_(?:seq|pkey|idx)\d*$/

/** Indexes and sequences are rarely named by code. */
function isUsedByName(relation: Name, keyword: RelationKeyword, context: RuleContext): boolean {
  if (keyword === "index" || keyword === "sequence") return false
  const known = context.catalog.relation(relation)
  if (known?.kind === "sequence" || (known === undefined && (OWNED_NAME.test(relation.name) || context.catalog.index(relation) !== undefined))) return false
  return exists(relation, context)
}

/** The name is one that only this migration gave, or the relation takes the place of one that the same transaction renamed away. */
function isSwap(relation: Name, newName: { readonly name: string }, context: RuleContext): boolean {
  const { renamedFrom, renamedTo } = earlierOf(context)
  const { current, file } = context
  if (renamedTo.get(relation.name)?.file === file) return true
  return current.transaction.kind !== "autocommit" && renamedFrom.get(newName.name)?.transaction.id === current.transaction.id
}
