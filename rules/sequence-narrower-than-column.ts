import { operationsIn, restOfFile } from "../src/engine/questions/later.ts"
import { operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type AnalyzedStatement, type RuleContext } from "../src/engine/rule.ts"
import type { Operation, OperationOf } from "../src/parse/operation.ts"
import { widenSequence } from "../src/playbook/index.ts"
import type { Column, Relation } from "../src/schema/catalog.ts"
import { formatType, resolveWrittenType, widerSequenceType } from "../src/schema/index.ts"
import { nameInText } from "../src/source/names.ts"

export default defineRule({
  id: "sequence-narrower-than-column",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "The column becomes a wider integer and its sequence does not, so that INSERTs still fail where the old type ends.",
    what:
      "Reports ALTER COLUMN ... TYPE to a wider integer type when the default draws from a sequence that counts through a narrower one, such " +
      "as that of a serial column, and SET DEFAULT nextval() of such a sequence, as when a new column takes over from an old one. The sequence of an identity " +
      "column follows its column.",
    why:
      "ALTER COLUMN TYPE leaves the sequence of a serial column as it is. At 2147483647 (integer), or 32767 (smallint), nextval() fails, and " +
      "with it every INSERT that does not give the column a value: the outage that the wider column was to prevent.",
    instead: "Change the sequence as well: ALTER SEQUENCE ... AS bigint takes an instant.",
    silent:
      "When the file changes the type of the sequence, too, before or after; when the column gets another default; and when the migrations read so far do not show " +
      "the sequence.",
    references: ["https://www.postgresql.org/docs/current/sql-altersequence.html", "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL"],
  },
  messages: {
    narrower: "{sequence}, from which {column} of {table} takes its values, stays {old}: at {limit} it ends and INSERTs fail, although the column is {type}",
  },
  operations: ["alter column type", "set default"],
  *check(statement, context) {
    if (statement.effects.unsupported !== null || statement.effects.fails !== null) return
    for (const change of changes(statement)) {
      const sequence = sequenceOf(change, context)
      const column = change.op === "set default" ? columnOf(change, context)?.type : resolveWrittenType(context.catalog, change.type)
      const type = sequence && column && widerSequenceType(sequence, column)
      if (!sequence || !type || isCaredFor(change, sequence, context)) continue
      const old = sequence.sequenceType === "int2" ? { old: "smallint", limit: "32767" } : { old: "integer", limit: "2147483647" }
      yield {
        span: change.op === "set default" ? change.default.span : change.type.span,
        message: "narrower",
        data: {
          ...old,
          sequence: context.display(sequence),
          column: written(change.column, context),
          table: written(change.relation, context),
          type: formatType(type),
        },
        locks: [],
        steps: () => widenSequence({ sequence, type, table: change.relation }, context),
        replaces: [],
      }
    }
  },
})

type Change = OperationOf<"alter column type" | "set default">

function changes(statement: AnalyzedStatement): readonly Change[] {
  return [...operationsOf(statement, "alter column type"), ...operationsOf(statement, "set default")]
}

function columnOf({ relation, column }: Change, { catalog }: RuleContext): Column | undefined {
  const table = catalog.relation(relation)
  return table && catalog.column(table, column.name)
}

/** The sequence that the default draws from: the one that the column gets, or the one that it has. */
function sequenceOf(change: Change, context: RuleContext): Relation | undefined {
  if (change.op === "set default") {
    const [name] = change.default.functions.flatMap((call) => (call.name === "nextval" && call.arguments[0] != null ? [nameInText(call.arguments[0])] : []))
    return name && context.catalog.relation(name)
  }
  const sequence = columnOf(change, context)?.default?.sequence ?? null
  return sequence === null ? undefined : context.catalog.relationById(sequence)
}

/** Whether the column is given other values, or the sequence another type, by the same statement or later in the file. */
function isCaredFor(change: Change, sequence: Relation, context: RuleContext): boolean {
  const { relation, column } = change
  const { unseen, seen } = restOfFile(context)
  for (const operation of operationsIn([context.current.statement, ...unseen, ...seen])) {
    if (operation === change) continue
    if (operation.op === "alter sequence" && operation.type !== null && operation.sequence.name === sequence.name) return true
    if (givesValues(operation) && operation.relation.name === relation.name && operation.column.name === column.name) return true
  }
  return false
}

function givesValues(operation: Operation): operation is OperationOf<"set default" | "drop default" | "add identity"> {
  return operation.op === "set default" || operation.op === "drop default" || operation.op === "add identity"
}
