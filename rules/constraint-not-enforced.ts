import type { Fix } from "../src/engine/finding.ts"
import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule, type RuleContext } from "../src/engine/rule.ts"
import type { ConstraintDefinition, Identifier, Name } from "../src/parse/operation.ts"
import { addConstraint } from "../src/playbook/index.ts"
import { lex } from "../src/source/lexer.ts"
import type { Span } from "../src/source/span.ts"
import { findKeywords, spanOf } from "../src/source/tokens.ts"

const WORDS = ["not", "enforced"]

export default defineRule({
  id: "constraint-not-enforced",
  severity: "warning",
  presets: ["strict"],
  docs: {
    summary: "A NOT ENFORCED constraint looks like a guarantee, and PostgreSQL checks no row.",
    what:
      "Reports ADD CONSTRAINT ... NOT ENFORCED and ADD COLUMN with such a constraint on a table that was there before the migration, and " +
      "ALTER CONSTRAINT ... NOT ENFORCED (PostgreSQL 18: CHECK and foreign keys).",
    why:
      "Neither the rows that are there nor new ones are checked, VALIDATE CONSTRAINT is refused, and the planner concludes " +
      "nothing from it; but people and programs that read the schema believe it. A foreign key can be made ENFORCED later, if " +
      "no row breaks it by then; a CHECK has to be dropped and added again.",
    instead: "Add the constraint NOT VALID, which takes no longer and checks new rows, and VALIDATE it in a later transaction.",
    silent:
      "Before version 18, which does not have the clause; when the same file enforces or drops the constraint later, as around " +
      "a bulk load; in CREATE TABLE and on tables that the same migration creates, where NOT ENFORCED saves no scan and can " +
      "only be meant as a note for readers.",
    references: ["https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-ENFORCED"],
  },
  messages: {
    added: "{constraint} of {table} is NOT ENFORCED: PostgreSQL checks neither the rows that are there nor new ones",
    altered: "{constraint} of {table} is no longer enforced: from here on PostgreSQL checks no row of it",
  },
  operations: ["add constraint", "add column", "alter constraint"],
  *check(statement, context) {
    if (statement.effects.unsupported !== null || statement.effects.fails !== null) return
    for (const { relation, constraint } of operationsOf(statement, "add constraint")) {
      if (!constraint.notEnforced || !exists(relation, context) || isUndone(relation, constraint.name, context)) continue
      const span = wordsIn(constraint.span, context)
      const fix: Fix = {
        applicability: "unsafe",
        title: "Add it NOT VALID; validate it in a later migration",
        edits: [constraint.notValid ? { span: withBlanks(span, context), text: "" } : { span, text: "NOT VALID" }],
      }
      yield {
        span,
        message: "added",
        data: { constraint: nameOf(constraint, context), table: written(relation, context) },
        locks: [],
        steps: addConstraint({ table: relation, constraint }, context),
        fix,
      }
    }
    for (const { relation, column } of operationsOf(statement, "add column")) {
      const constraint = column.constraints.find((one) => one.notEnforced && !isUndone(relation, one.name, context))
      if (constraint === undefined || !exists(relation, context)) continue
      yield {
        span: wordsIn(column.span, context),
        message: "added",
        data: { constraint: nameOf(constraint, context), table: written(relation, context) },
        locks: [],
      }
    }
    for (const { relation, constraint, enforced } of operationsOf(statement, "alter constraint")) {
      if (enforced !== false || !exists(relation, context) || isUndone(relation, constraint, context)) continue
      const table = context.catalog.relation(relation)
      if (table !== undefined && context.catalog.constraint(table.id, constraint.name)?.enforced === false) continue
      yield {
        span: constraint.span,
        message: "altered",
        data: { constraint: `foreign key ${written(constraint, context)}`, table: written(relation, context) },
        locks: [],
      }
    }
  },
})

/** The words themselves, or all of it should they be spelled in a way that is not known. */
function wordsIn(span: Span, { sql }: RuleContext): Span {
  const tokens = lex(sql, span.start, span.end)
  const at = findKeywords(tokens, WORDS)
  return at < 0 ? span : { start: spanOf(tokens, at).start, end: spanOf(tokens, at + 1).end }
}

function withBlanks({ start, end }: Span, { sql }: RuleContext): Span {
  return { start: sql.slice(0, start).trimEnd().length, end }
}

function nameOf({ kind, name }: ConstraintDefinition, context: RuleContext): string {
  const words = kind === "check" ? "CHECK" : "foreign key"
  return name === null ? `the new ${words}` : `${words} ${written(name, context)}`
}

/** Whether a later statement of the file enforces or drops the constraint. */
function isUndone(table: Name, name: Identifier | null, { statements, current }: RuleContext): boolean {
  if (name === null) return false
  const later = statements.slice(statements.indexOf(current.statement) + 1)
  return later.some(({ operations }) =>
    operations.some((operation) => {
      if (operation.op !== "drop constraint" && operation.op !== "alter constraint") return false
      const isGone = operation.op === "drop constraint" || operation.enforced === true
      return isGone && operation.relation.name === table.name && operation.constraint.name === name.name
    }),
  )
}
