import { earlierOf } from "../src/engine/questions/earlier.ts"
import { nameIsTakenAgain } from "../src/engine/questions/later.ts"
import { makesRoom } from "../src/engine/questions/makes-room.ts"
import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { removedRelation } from "../src/engine/questions/removed.ts"
import { dependentsOfRelation, functionsNaming } from "../src/engine/questions/since.ts"
import { defineRule, type AnalyzedStatement, type RuleContext } from "../src/engine/rule.ts"
import { counted, list, pronouns } from "../src/engine/words.ts"
import type { DroppedObject, Name, ObjectKind, OperationOf } from "../src/parse/operation.ts"
import { referenceWords, relationDependents } from "../src/playbook/dependents.ts"
import { dropRelations } from "../src/playbook/index.ts"
import type { Removed } from "../src/usage/index.ts"

export default defineRule({
  id: "table-drop-loses-data",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Dropping a table, schema or database loses its data and breaks running code that still uses it.",
    what: "Reports DROP TABLE, DROP SCHEMA ... CASCADE and DROP DATABASE of what was there before the migration.",
    why:
      "Queries of running code that name the table fail at once, and the data cannot be brought back without a " +
      "backup. A table with foreign keys also takes ACCESS EXCLUSIVE on the tables they reference.",
    instead:
      "Stop using the table and deploy that, rename the table, or detach the partition, and wait until nobody misses it; then drop it in a migration of " +
      "its own.",
    silent:
      "For tables that the same migration creates, temporary tables, DROP SCHEMA without CASCADE, which only drops an " +
      "empty schema, and DROP OWNED after REASSIGN OWNED.",
    references: ["https://www.postgresql.org/docs/current/sql-droptable.html"],
  },
  messages: {
    table: "dropping {names} deletes {its} data and breaks running code that still uses {it}",
    anew: "dropping {names} deletes {its} data, although the migration creates {it} again",
    cascade:
      "dropping {names} with CASCADE deletes {its} data, drops {dependents}, and breaks running code that still uses " +
      "them",
    owned: "DROP OWNED drops every table that the role owns in this database, with its data, and all else that is its own",
  },
  operations: ["drop", "other"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "drop")) {
      if (!losesData(operation)) continue
      const objects = operation.objects.filter((object) => !isHarmless(operation, object, context))
      const [first] = objects
      if (first === undefined) continue
      const names = objects.map((object) => written(object, context))
      const dependents = operation.cascade ? objects.flatMap((object) => dependentsOf(operation, object, context)) : []
      // What takes the name before anybody can miss it keeps running code working, and nothing can be renamed out of its way.
      const anew = operation.kind === "table" && objects.every(({ name }) => nameIsTakenAgain(name, context))
      yield {
        span: first.span,
        message: dependents.length > 0 ? "cascade" : anew ? "anew" : "table",
        data: { names: counted(operation.kind, names), dependents: list([...new Set(dependents)]), ...pronouns(names) },
        steps: operation.kind === "table" && !anew ? dropRelations({ ...operation, objects }, context) : [],
        related: objects.flatMap(({ name }) => [
          ...dependentsOfRelation(name, context),
          ...(operation.kind === "table" ? functionsNaming(name, null, context) : []),
        ]),
        removes: anew ? [] : objects.flatMap(({ name }) => relationsOf(operation.kind, name, context)),
      }
    }
    for (const { command, span } of operationsOf(statement, "other")) {
      if (command === "drop owned" && !context.earlier.some(reassignsOwned)) yield { span, message: "owned" }
    }
  },
})

/** What DROP OWNED finds after it are only privileges. */
function reassignsOwned({ statement }: AnalyzedStatement): boolean {
  return statement.operations.some((operation) => operation.op === "other" && operation.command === "reassign owned")
}

/** What running code loses: the table, or all tables and views of the schema. */
function relationsOf(kind: ObjectKind, name: Name, context: RuleContext): Removed[] {
  if (kind === "table") return [removedRelation(name, context)]
  if (kind !== "schema") return []
  return [...context.catalog.relations()]
    .filter((relation) => relation.schema === name.name && relation.kind !== "sequence" && relation.kind !== "composite type")
    .map((relation) => removedRelation(relation, context))
}

function losesData({ kind, cascade }: OperationOf<"drop">): boolean {
  return kind === "table" || kind === "database" || (kind === "schema" && cascade)
}

function isHarmless({ kind, ifExists }: OperationOf<"drop">, { name }: DroppedObject, context: RuleContext): boolean {
  // deploy-mixes-phases reports tables whose rows were copied before.
  if (kind === "table") {
    return !exists(name, context) || earlierOf(context).copied.has(name.name) || (ifExists && makesRoom(name, context.catalog, [context.statements, context.current.beside, ...context.current.callers]))
  }
  return kind === "schema" && (earlierOf(context).createdSchemas.has(name.name) || context.catalog.rulesOutSchema(name.name))
}

function dependentsOf(
  { kind }: OperationOf<"drop">,
  { name }: DroppedObject,
  { catalog }: RuleContext,
): string[] {
  if (kind === "schema") return ["everything in it"]
  const table = catalog.relation(name)
  if (table === undefined) return []
  const { blocking, references } = relationDependents(catalog, table)
  return [...blocking, ...references.map((reference) => referenceWords(reference, catalog))]
}
