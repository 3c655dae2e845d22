import { defineRule } from "../src/engine/rule.ts"

/** The engine itself makes the findings, at the end of the history; this declares their name, severity and text. */
export default defineRule({
  id: "foreign-key-without-index",
  severity: "warning",
  presets: ["strict"],
  docs: {
    summary: "The columns of a foreign key have no index, so that every DELETE in the referenced table reads the whole table.",
    what:
      "Reports foreign keys when no index of the referencing table begins with their columns (in any order), after all " +
      "migrations that are linted. PostgreSQL makes an index for the referenced columns only.",
    why:
      "Each DELETE, and each UPDATE of the key, in the referenced table looks for rows that reference it. Without an " +
      "index it reads the whole referencing table, for every row, and keeps its locks meanwhile.",
    instead: "Build the index with CREATE INDEX CONCURRENTLY, best before the foreign key.",
    silent:
      "When an index, a UNIQUE constraint or a primary key begins with the columns, also one that a later migration of " +
      "the run makes; a partial index counts when it leaves out nothing but NULLs of the columns. When the table's " +
      "indexes are not all known.",
    references: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  },
  messages: {
    found:
      "no index of {table} begins with {columns} of foreign key {constraint}: every DELETE in {referenced} reads all " +
      "of {table}",
  },
  atEnd: true,
  operations: [],
  check: () => [],
})
