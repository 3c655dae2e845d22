import { defineRule } from "../src/engine/rule.ts"

/** The engine itself makes the findings, at the end of the history; this declares their name, severity and text. */
export default defineRule({
  id: "foreign-key-narrower-than-key",
  severity: "warning",
  presets: ["strict"],
  docs: {
    summary: "A foreign key of a narrower integer type than the key it references fails once the key's values outgrow it.",
    what:
      "Reports foreign keys with a column of type integer or smallint that references a column of a wider integer type, after all migrations that are " +
      "linted. PostgreSQL compares the two and accepts it.",
    why:
      "Rows whose key lies behind the end of the narrower type cannot be referenced: the INSERT fails with integer out of range. By then the table is large, " +
      "and changing the type rewrites it under ACCESS EXCLUSIVE.",
    instead: "Give the column the type of the key it references.",
    silent: "When the types are the same or the column's is wider, also by a later migration of the run, and when one of them is not known.",
    references: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK", "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT"],
  },
  messages: {
    found: "{column} of {table} is {type} and references {key} of {referenced}, which is {wider}: its larger values do not fit",
  },
  atEnd: true,
  operations: [],
  check: () => [],
})
