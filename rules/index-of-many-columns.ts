import { operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"

/** More than this serve no query that fewer would not, as a rule (docs: Multicolumn Indexes). */
const MANY = 3

export default defineRule({
  id: "index-of-many-columns",
  severity: "warning",
  presets: ["style"],
  docs: {
    summary: "Indexes over more than three columns are rarely used for more than the first few, and every write pays for all.",
    what: "Reports CREATE INDEX over more than three columns or expressions.",
    why:
      "A B-tree is searched by its first columns; those behind them only narrow down what the first have left. The index is larger, slower to " +
      "build, and every INSERT and every UPDATE of one of the columns writes it.",
    instead: "Keep the columns that narrow the search down most; put those that are only read into INCLUDE.",
    silent: "For unique indexes, whose columns are what has to be unique, for columns in INCLUDE, and for index methods other than btree.",
    references: ["https://www.postgresql.org/docs/current/indexes-multicolumn.html"],
  },
  messages: { found: "an index over {count} columns of {table}: queries rarely use more than the first three, and every write maintains all" },
  operations: ["create index"],
  *check(statement, context) {
    for (const { unique, method, elements, table } of operationsOf(statement, "create index")) {
      const [first, last] = [elements[0], elements.at(-1)]
      if (unique || method !== "btree" || elements.length <= MANY || first === undefined || last === undefined) continue
      yield {
        span: { start: first.span.start, end: last.span.end },
        message: "found",
        data: { count: String(elements.length), table: written(table, context) },
        locks: [],
        replaces: [],
      }
    }
  },
})
