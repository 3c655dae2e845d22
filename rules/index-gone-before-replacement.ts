import { gapOf, type Gap } from "../src/engine/questions/index-gap.ts"
import { lineOf, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type Problem, type RuleContext } from "../src/engine/rule.ts"
import { list } from "../src/engine/words.ts"
import type { DroppedObject, OperationOf } from "../src/parse/operation.ts"
import type { Index } from "../src/schema/catalog.ts"
import { quoteIdent } from "../src/schema/index.ts"

export default defineRule({
  id: "index-gone-before-replacement",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "An index that is dropped before its replacement is built leaves queries without an index.",
    what:
      "Reports DROP INDEX of an index that a later statement of the same file creates again, under its name or with the same " +
      "leading columns, unless both happen in one transaction.",
    why:
      "Until the new index is built, for minutes on a large table, queries that used the old one read the whole table. When " +
      "the build fails there is no index at all, and while a unique index is missing, duplicates can be written.",
    instead:
      "Build the new index concurrently first, then drop the old one concurrently. To keep the name, build the index under " +
      "another name and rename it; to rebuild the same index, use REINDEX CONCURRENTLY.",
    silent:
      "For indexes that are not known (such as what a failed build left), that the same migration has made, or that are " +
      "INVALID; on new and on partitioned tables; when another index has the same leading columns; and when the table's rows " +
      "or columns change between the two statements.",
    references: [
      "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
      "https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY",
    ],
  },
  messages: {
    gap: "dropping {index} leaves queries of {table} without an index on {columns} until {line} builds {successor}",
    unique:
      "dropping {index} leaves queries of {table} without an index on {columns} until {line} builds {successor}, and " +
      "duplicates that are written meanwhile make that fail",
    other: "dropping {index} leaves queries of {table} with neither the old index nor the new one until {line} builds it with another definition",
  },
  operations: ["drop"],
  *check(statement, context) {
    for (const operation of operationsOf(statement, "drop")) {
      for (const object of operation.objects) {
        const gap = gapOf(object, operation, context)
        if (gap !== null) yield problem(object, operation, gap, context)
      }
    }
  },
})

function problem(object: DroppedObject, drop: OperationOf<"drop">, { index, table, successor, steps }: Gap, context: RuleContext): Problem {
  const { operation: create, leadsAlike } = successor
  const { file, sql } = context
  const takesName = create.index?.name === index.name
  return {
    span: object.span,
    message: !leadsAlike ? "other" : index.unique && create.unique ? "unique" : "gap",
    data: {
      index: written(object, context),
      table: context.display(table),
      columns: columnsOf(index),
      line: lineOf({ statement: successor.statement, file, sql }, context),
      successor: create.index === null ? "another one" : takesName ? "it anew" : written(create.index, context),
    },
    steps,
    replaces: [drop, create],
    related: [{ file, span: successor.statement.span, message: "the index in its place is built here" }],
  }
}

/** `a, b and lower(c)` */
function columnsOf({ columns, expressions }: Index): string {
  const rest = [...expressions]
  return list(columns.map((column) => (column === null ? (rest.shift() ?? "an expression") : quoteIdent(column))))
}
