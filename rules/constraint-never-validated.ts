import { defineRule } from "../src/engine/rule.ts"

/** The engine itself makes the findings, at the end of the history; this declares their name, severity and text. */
export default defineRule({
  id: "constraint-never-validated",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "A constraint was added NOT VALID, and no later migration validates it.",
    what:
      "Reports constraints that were added NOT VALID and that no migration up to the end of the history validates or " +
      "drops, at the place that added them.",
    why:
      "NOT VALID checks new rows only. Rows from before may still break the constraint, PostgreSQL cannot use it as proof (SET " +
      "NOT NULL and ATTACH PARTITION still read the table), and a dump of the data may fail to load.",
    instead: "VALIDATE CONSTRAINT in a migration of a later deploy: reads and writes go on meanwhile.",
    silent:
      "For what the last migration adds, or the pending deploy (`--since`, `--staged`): that is validated in the next " +
      "one. When only some of the migrations are linted. When something that cannot be read may have validated it, " +
      "such as dynamic SQL.",
    references: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT"],
  },
  messages: {
    found:
      "{kind} constraint {constraint} of {table} is added NOT VALID and never validated: rows from before may break " +
      "it, and it proves nothing",
  },
  atEnd: true,
  operations: [],
  check: () => [],
})
