import { earlierOf } from "../src/engine/questions/earlier.ts"
import { nameIsTakenAgain, typeIsNeededAgain } from "../src/engine/questions/later.ts"
import { operationsOf, written } from "../src/engine/questions/predicates.ts"
import { removedFunction } from "../src/engine/questions/removed.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import type { Name, ObjectKind } from "../src/parse/operation.ts"

/** Kinds that queries of running code name. */
const NAMED_BY_CODE: readonly ObjectKind[] = [
  "schema",
  "type",
  "domain",
  "function",
  "procedure",
  "routine",
  "aggregate",
]

const FUNCTIONS: readonly ObjectKind[] = ["function", "procedure", "routine", "aggregate"]

export default defineRule({
  id: "object-rename-breaks-code",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Renaming or moving a schema, type or function in one step breaks the code that is running.",
    what:
      "Reports ALTER SCHEMA, TYPE, DOMAIN, FUNCTION, PROCEDURE and AGGREGATE ... RENAME TO, and SET SCHEMA of types " +
      "and functions.",
    why: "The old name is gone the moment the change commits, and queries of running code that name it fail.",
    instead: "Create the new object beside the old one, move the code over, and drop the old one in a later deploy.",
    silent:
      "When the same transaction gives the old name to another object, or goes on to use it for a column, and for objects that " +
      "the same migration creates.",
    references: [
      "https://www.postgresql.org/docs/current/sql-alterschema.html",
      "https://www.postgresql.org/docs/current/sql-altertype.html",
    ],
  },
  messages: {
    renamed: "renaming {kind} {name} to {newName} breaks running code that still uses {name}",
    attribute: "renaming attribute {name} of type {type} to {newName} breaks running code that still uses {name}",
    moved: "moving {kind} {name} to schema {schema} breaks running code that finds it under its old schema",
  },
  operations: ["rename object", "set object schema", "alter composite type"],
  *check(statement, context) {
    for (const { kind, object, newName } of operationsOf(statement, "rename object")) {
      if (!isUsedByName(kind, object, context)) continue
      const data = { kind, name: written(object, context), newName: written(newName, context) }
      const removes = FUNCTIONS.includes(kind) ? [removedFunction(object)] : []
      yield { span: object.span, message: "renamed", data, removes }
    }
    for (const { action, type, attribute, newName } of operationsOf(statement, "alter composite type")) {
      if (action !== "rename attribute" || newName === null || isNewObject("type", type, context)) continue
      const data = { type: written(type, context), name: written(attribute, context), newName: written(newName, context) }
      yield { span: attribute.span, message: "attribute", data }
    }
    for (const { kind, object, schema } of operationsOf(statement, "set object schema")) {
      if (!isUsedByName(kind, object, context)) continue
      const data = { kind, name: written(object, context), schema: written(schema, context) }
      yield { span: object.span, message: "moved", data }
    }
  },
})

function isUsedByName(kind: ObjectKind, object: Name, context: RuleContext): boolean {
  if (!NAMED_BY_CODE.includes(kind) || isNewObject(kind, object, context) || nameIsTakenAgain(object, context)) return false
  return !((kind === "type" || kind === "domain") && context.current.transaction.kind !== "autocommit" && typeIsNeededAgain(object, context))
}

function isNewObject(kind: ObjectKind, object: Name, context: RuleContext): boolean {
  const { catalog, file } = context
  switch (kind) {
    case "schema":
      return earlierOf(context).createdSchemas.has(object.name)
    case "type":
    case "domain":
      return catalog.type(object)?.created?.file === file
    default: {
      const known = catalog.functions(object)
      // No query calls a trigger function.
      return (
        known.length > 0 && known.every(({ created, returns }) => created?.file === file || returns?.name === "trigger")
      )
    }
  }
}
