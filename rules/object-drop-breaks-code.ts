import { earlierOf } from "../src/engine/questions/earlier.ts"
import { isCreatedAnew } from "../src/engine/questions/later.ts"
import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { removedFunction, removedRelation } from "../src/engine/questions/removed.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import { counted, pronouns } from "../src/engine/words.ts"
import type { DroppedObject, Name, ObjectKind, OperationOf } from "../src/parse/operation.ts"
import { dropRelations, type Step } from "../src/playbook/index.ts"
import type { FunctionInfo } from "../src/schema/catalog.ts"
import type { Removed } from "../src/usage/index.ts"

/** Without CASCADE: what running code names in its queries. */
const NAMED_BY_CODE: readonly ObjectKind[] = ["view", "materialized view", "function", "procedure", "routine"]

/** With CASCADE: what other objects are built on. */
const BUILT_UPON: readonly ObjectKind[] = [
  ...NAMED_BY_CODE,
  "type",
  "domain",
  "extension",
  "sequence",
  "aggregate",
  "foreign table",
]

/** With CASCADE, columns of these types go too. */
const DROPS_COLUMNS: readonly ObjectKind[] = ["type", "domain", "extension"]

export default defineRule({
  id: "object-drop-breaks-code",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "Dropping a view or function breaks running code that uses it; CASCADE drops more than the statement names.",
    what:
      "Reports DROP VIEW, MATERIALIZED VIEW, FUNCTION and PROCEDURE, and DROP TYPE, DOMAIN, EXTENSION and SEQUENCE " +
      "with CASCADE.",
    why:
      "Queries of running code that name the object fail at once. CASCADE also drops whatever was built on it, " +
      "columns and their data included, without naming it.",
    instead:
      "Drop the object in a later deploy, when no released code uses it; drop dependent objects explicitly instead " +
      "of by CASCADE.",
    silent:
      "When the same migration creates the object again, for objects that the same migration creates or has renamed before, " +
      "for trigger functions, which no query calls, for a function that takes other arguments than those given, and where the migrations have made all there is, and not the object.",
    references: ["https://www.postgresql.org/docs/current/ddl-depend.html"],
  },
  messages: {
    dropped: "dropping {names} breaks running code that still uses {it}",
    cascade: "dropping {names} with CASCADE also drops whatever depends on {it}",
    columns: "dropping {names} with CASCADE also drops whatever depends on {it}, columns and their data included",
  },
  operations: ["drop"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "drop")) {
      const { kind, cascade, objects } = operation
      if (!(cascade ? BUILT_UPON : NAMED_BY_CODE).includes(kind)) continue
      const missed = objects.filter((object) => !isHarmless(operation, object, context))
      const [first] = missed
      if (first === undefined) continue
      const names = missed.map((object) => written(object, context))
      yield {
        span: first.span,
        message: !cascade ? "dropped" : DROPS_COLUMNS.includes(kind) ? "columns" : "cascade",
        data: { names: counted(kind, names), ...pronouns(names) },
        steps:
          kind === "view" || kind === "materialized view"
            ? laterDrops(operation, missed.filter(({ name }) => exists(name, context)), context)
            : [],
        removes: missed.flatMap(({ name }) => removedOf(kind, name, context)),
      }
    }
  },
})

/** A view that this very deploy makes is not there for the steps to begin with. */
function laterDrops(operation: OperationOf<"drop">, objects: readonly DroppedObject[], context: RuleContext): Step[] {
  return objects.length === 0 ? [] : dropRelations({ ...operation, objects }, context)
}

function removedOf(kind: ObjectKind, name: Name, context: RuleContext): Removed[] {
  switch (kind) {
    case "view":
    case "materialized view":
    case "foreign table":
      return [removedRelation(name, context)]
    case "function":
    case "procedure":
    case "routine":
      return [removedFunction(name)]
    default:
      return []
  }
}

function isHarmless({ kind, cascade, ifExists }: OperationOf<"drop">, { name, arguments: written }: DroppedObject, context: RuleContext): boolean {
  const { catalog, file } = context
  if (!cascade && isCreatedAnew(name, context)) return true
  switch (kind) {
    case "view":
    case "materialized view":
    case "sequence":
    case "foreign table":
      return !(exists(name, context) || standsIn(name, context)) || (!cascade && isRenamed(name, context))
    case "type":
    case "domain":
      return catalog.type(name)?.created?.file === file || catalog.rulesOutType(name)
    case "extension":
      return false
    default: {
      const known = catalog.functions(name)
      if (known.length === 0) return catalog.rulesOutFunction(name) || isTriggerFunction(name.name, context)
      if (ifExists && written !== null && known.every((one) => !takes(one, written.length))) return true
      return (
        !cascade &&
        known.every(
          ({ created, returns }) =>
            created?.file === file || returns?.name === "trigger" || returns?.name === "event_trigger",
        )
      )
    }
  }
}

/** Whether a function may be meant by so many arguments: a procedure is named with or without what it gives back. */
function takes({ argumentTypes, parameters }: FunctionInfo, count: number): boolean {
  return argumentTypes.length === count || parameters.length === count
}

/** The deploy has given the table or view that running code knows by the name another one: what has it now stands in for that. */
function standsIn({ name }: Name, context: RuleContext): boolean {
  return (earlierOf(context).renamedFrom.get(name)?.exposed.length ?? 0) > 0
}

/** Only this migration has given it the name: what running code used was the name before, and that is for the rules about renaming. */
function isRenamed({ name }: Name, context: RuleContext): boolean {
  return earlierOf(context).renamedTo.get(name)?.file === context.file
}

/**
 * By what the migration itself tells: it drops a trigger before, and the function is the trigger's by all appearances.
 */
function isTriggerFunction(name: string, context: RuleContext): boolean {
  const { droppedTriggers, droppedEventTriggers } = earlierOf(context)
  return /trigger|trg|_tg_/i.test(name) || droppedTriggers.size > 0 || droppedEventTriggers.size > 0
}
