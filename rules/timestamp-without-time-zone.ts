import { isBuiltin, typedColumns, typeProblem, TYPING } from "../src/engine/questions/written-types.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "timestamp-without-time-zone",
  severity: "warning",
  presets: ["style"],
  docs: {
    summary: "A timestamp without time zone says no point in time: it depends on who reads it.",
    what: "Reports columns of type timestamp (without time zone), made by CREATE TABLE or ADD COLUMN, or changed to it.",
    why:
      "PostgreSQL drops the offset of what is written into it and takes it for the reader's time zone, so that sessions in different time zones see different moments. " +
      "Changing it to timestamptz later rewrites the table, unless the session is in UTC (12 and later).",
    instead: "Use timestamptz, which takes as much space: it stores a point in time and shows it in the time zone of the session.",
    silent: "For timestamptz, date and time.",
    references: ["https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-INPUT-TIME-STAMPS"],
  },
  messages: { found: "{column} of {table} is a timestamp without time zone: the same value is another moment in a session with another TimeZone" },
  operations: TYPING,
  *check(statement, context) {
    for (const typed of typedColumns(statement)) {
      if (!isBuiltin(typed.type, "timestamp")) continue
      const precision = typed.type.modifiers.length > 0 ? `(${typed.type.modifiers.join()})` : ""
      yield typeProblem(typed, `timestamptz${precision}`, context)
    }
  },
})
