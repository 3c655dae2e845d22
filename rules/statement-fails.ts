import { useOfNewValue } from "../src/engine/questions/new-enum-value.ts"
import { isRejected, lineOf, opening, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { pendingEvents } from "../src/engine/questions/pending-events.ts"
import { goneSince, madeSince, namedSince } from "../src/engine/questions/since.ts"
import { defineRule, type Problem, type RuleContext } from "../src/engine/rule.ts"
import { namesAsWritten, namesIn } from "../src/source/written-names.ts"
import type { Failure } from "../src/effects/types.ts"
import { nearest } from "../src/source/nearest.ts"
import type { Operation, Statement } from "../src/parse/operation.ts"
import type { ObjectId } from "../src/schema/catalog.ts"
import { quoteIdent } from "../src/schema/format.ts"
import { builtinTypeNames } from "../src/schema/types.ts"

/**
 * Errors that hang on what exists, and on what depends on what: "already exists", "does not exist", "is not unique", "is not a view",
 * "other objects depend on it". Files of no tool are often scripts that have nothing to do with each other, and a dump may be newer than what is
 * linted.
 */
const HISTORY_DEPENDENT = /^(?:22P02|42P10|42P07|42P06|42P01|42701|42702|42703|42704|42710|42723|42725|42809|42883|3F000|2BP01|428C9|23502)$/

/** The same of errors whose code is also that of others. */
const HISTORY_DEPENDENT_REASON = /(?: enum label| than target columns)$| by the (?:materialized )?view /

export default defineRule({
  id: "statement-fails",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "PostgreSQL will reject the statement.",
    what:
      "Reports statements that the chosen PostgreSQL version does not support, or that cannot succeed on the schema " +
      "that the migrations built so far: a table that is there already, one that an earlier migration dropped, or the use " +
      "of an enum's new value before it is committed. What such a statement would lock or break is not said, unless only " +
      "something that depends on a column or object is in its way.",
    why: "The migration stops there, and what it did before stays or is rolled back, depending on the tool.",
    instead:
      "Write the statement in a form that the server accepts, or set the PostgreSQL version that the migrations run " +
      "on. Until somebody has, what only that version rejects is a warning.",
    silent: "When it depends on something that the migrations do not tell, such as an extension that was made with the database.",
    references: [
      "https://www.postgresql.org/docs/current/errcodes-appendix.html",
      "https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES",
    ],
  },
  messages: {
    fails: "this fails with error {code}: {why}",
    misspelled: "this fails with error {code}: {why}; is {meant} meant?",
    newValue:
      "value {value} of {type} cannot be used before the transaction that adds it has committed: {line} fails with " +
      "error 55P04",
    pending:
      "this fails with error 55006: {table} has rows from {line}, which the foreign key {constraint} checks only when the transaction ends",
    unsupported: "this is not possible on PostgreSQL {version}: {why}",
    unsupportedIfSo: "this is not possible on PostgreSQL {version}, which is assumed: {why}",
  },
  *check({ statement, effects, conditional, guarded }, context) {
    // An exception handler is there for the value that exists: one that does not is added.
    if (!conditional) yield* newValues(context)
    if (conditional || guarded) return
    if (effects.unsupported !== null) {
      yield {
        span: opening(statement, context),
        message: context.versionIsAssumed ? "unsupportedIfSo" : "unsupported",
        ...(context.versionIsAssumed && { severity: "warning" }),
        data: { version: String(context.pgVersion), why: effects.unsupported },
        locks: [],
        rejected: true,
      }
    } else if (effects.fails !== null && isCertain(effects.fails, statement, context) && !isDoubtful(statement, effects.fails.why, context)) {
      const { code, why, missing, column, span = opening(statement, context) } = effects.fails
      const rejected = isRejected(code, why, statement)
      // What another file made may have changed in between.
      if (!context.ordered && effects.locks.some(({ relation }) => isOfAnotherFile(relation.id, context))) return
      if (missing !== undefined) yield { ...notThere(missing, effects.fails, context), rejected }
      else if (column !== undefined) yield { ...columnNotThere(column, effects.fails, context), rejected }
      else yield { span, message: "fails", data: { code, why }, locks: [], related: madeSince(statement.operations, context), rejected }
    } else {
      yield* pending(context)
    }
  },
})

function* pending(context: RuleContext): Iterable<Problem> {
  const found = pendingEvents(context)
  if (found === null) return
  const { table, constraint, inserted } = found
  yield {
    span: table.span,
    message: "pending",
    data: { table: written(table, context), line: lineOf(inserted, context), constraint: quoteIdent(constraint.name) },
    locks: [],
    rejected: true,
    steps: [
      {
        deploy: "expand",
        title: "Check the foreign keys of the new rows first",
        sql: "SET CONSTRAINTS ALL IMMEDIATE;",
        transaction: true,
        lock: null,
        note: "In front of the statement, in its transaction. Or put the rows into a migration of their own.",
      },
    ],
    related: [{ file: inserted.file, span: inserted.statement.span, message: "the rows are inserted here" }],
  }
}

function* newValues(context: RuleContext): Iterable<Problem> {
  for (const { type, value } of operationsOf(context.current, "add enum value")) {
    const known = context.catalog.type(type)
    if (known?.kind !== "enum" || known.labels.some(({ text }) => text === value.text)) continue
    const use = useOfNewValue(known, value.text, context)
    if (use === null) continue
    yield {
      span: value.span,
      message: "newValue",
      data: {
        value: context.text(value.span),
        type: written(type, context),
        line: lineOf({ ...context.current, statement: use.statement }, context),
      },
      locks: [],
      steps: [
        {
          deploy: "expand",
          title: "Add the value in a migration of its own, which commits",
          sql: `${context.text(context.current.statement.span)};`,
          transaction: true,
          lock: null,
          note: "What uses it goes into the next migration.",
        },
      ],
      related: [{ file: context.file, span: use.span, message: "it is used here" }],
    }
  }
}

/** A relation or index that is not there: what took it away is shown, or the name that may be meant. */
function notThere({ kind, name }: Missing, { code, why }: Failure, context: RuleContext): Problem {
  const problem = { span: name.span, message: "fails", data: { code, why }, locks: [] } as const
  const related = kind === "relation" || kind === "index" ? goneSince(name, context) : []
  if (related.length > 0) return { ...problem, related }
  const meant = nearest(name.name, namesOf(kind, context))
  if (meant === undefined) return problem
  const data = { code, why, meant: kind === "type" ? meant : quoteIdent(meant) }
  return { ...problem, message: "misspelled", data, related: kind === "type" || kind === "function" ? [] : namedSince({ schema: name.schema, name: meant }, context) }
}

/** A column that none of the relations has, with the one of theirs that may be meant. */
function columnNotThere({ name, among }: NonNullable<Failure["column"]>, { code, why }: Failure, context: RuleContext): Problem {
  const relations = among.flatMap((id) => context.catalog.relationById(id) ?? [])
  const related = relations.flatMap((relation) => namedSince(relation, context))
  const meant = nearest(name.name, relations.flatMap(({ columns }) => columns.map((column) => column.name)))
  if (meant === undefined) return { span: name.span, message: "fails", data: { code, why }, locks: [], related }
  return { span: name.span, message: "misspelled", data: { code, why, meant: quoteIdent(meant) }, locks: [], related }
}

type Missing = NonNullable<Failure["missing"]>

/** Names that may be meant in place of one that is not there. */
function* namesOf(wanted: Missing["kind"], { catalog }: RuleContext): Iterable<string> {
  if (wanted === "type") {
    for (const { name } of catalog.types()) yield name
    yield* builtinTypeNames()
  } else if (wanted === "function") {
    for (const { name } of catalog.routines()) yield name
  } else {
    for (const { id, name, kind } of catalog.relations()) {
      if (wanted === "index") yield* catalog.indexesOf(id).map((index) => index.name)
      else if (kind !== "sequence") yield name
    }
  }
}

/** The statement, or the reason, names something that a condition in earlier code may have made, changed or dropped. */
function isDoubtful({ span }: Statement, why: string, { catalog, text }: RuleContext): boolean {
  return [...namesIn(text(span)), ...namesAsWritten(why)].some((name) => catalog.isDoubtful(name))
}

function isOfAnotherFile(relation: ObjectId | null, { catalog, file }: RuleContext): boolean {
  const known = relation === null ? undefined : catalog.relationById(relation)
  return known !== undefined && known.created?.file !== file
}

function isCertain({ code, why }: Failure, { operations }: Statement, context: RuleContext): boolean {
  // Errors that other rules speak of: forbidden-in-transaction, required-column-without-default.
  if (code === "25001" || (code === "23502" && operations.some(({ op }) => op === "add column"))) return false
  if (context.ordered || (code === WRONG_KIND && isMadeHere(operations, context))) return true
  return !HISTORY_DEPENDENT.test(code) && !HISTORY_DEPENDENT_REASON.test(why)
}

/** "is not a view" and the like (wrong_object_type). */
const WRONG_KIND = "42809"

/** Whether the file itself has made what the operations name: of what kind that is hangs on no history. */
function isMadeHere(operations: readonly Operation[], { catalog, file }: RuleContext): boolean {
  const names = operations.flatMap((operation) => (operation.op === "drop" ? operation.objects.map(({ name }) => name) : "relation" in operation ? [operation.relation] : []))
  return names.length > 0 && names.every((name) => (catalog.relation(name) ?? catalog.type(name))?.created?.file === file)
}
