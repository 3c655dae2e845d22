import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { Name } from "../../parse/name.ts"
import type { ColumnDefinition } from "../../parse/operation.ts"
import type { ConstrainedDomain } from "../domains.ts"
import type { RecipeContext } from "../context.ts"
import type { Names } from "../names.ts"
import type { Step } from "../step.ts"
import { formatType, quoteIdent, resolveWrittenType } from "../../schema/index.ts"
import { lex } from "../../source/lexer.ts"
import { closingBracket, findKeyword, findKeywords, isSymbol, spanOf } from "../../source/tokens.ts"
import { baseType, constrainedDomain, domainChecks } from "../domains.ts"
import { inBatches } from "../batches.ts"
import { mayVary, ofRow } from "../expressions.ts"
import { createNames } from "../names.ts"
import { beside, fit, parenthesized, quoteLiteral, quoteName } from "../sql.ts"
import { brief, byHand, joinNotes, recipe } from "../steps.ts"
import { createSync, oneWay, syncOf } from "../sync.ts"
import { constraintSteps } from "./add-constraint.ts"
import { notNullSteps } from "./set-not-null.ts"

export type AddColumnParameters = Readonly<{ table: Name; column: ColumnDefinition }>

/** The parts of one new column. */
interface Addition {
  readonly table: Name
  readonly column: ColumnDefinition
  readonly name: string
  readonly names: Names
  readonly domain: ConstrainedDomain | null
  /** A primary key is to follow: it takes NOT NULL, for which a CHECK does not do. */
  readonly keyed: boolean
  readonly context: RecipeContext
}

/**
 * ADD COLUMN whose definition rewrites, scans, builds an index or fails: volatile default, serial, identity, stored
 * generated, constrained domain, NOT NULL without default, inline constraints. The column comes first and bare; what
 * it stands for follows in steps that let reads and writes go on.
 */
export function addColumn(parameters: AddColumnParameters, context: RecipeContext): Step[] {
  return recipe(addSteps(parameters, context))
}

export function addSteps({ table, column }: AddColumnParameters, context: RecipeContext): Step[] {
  const domain = constrainedDomain(resolveWrittenType(context.catalog, column.type), context.catalog)
  const addition: Addition = {
    table,
    column,
    name: column.name.name,
    names: createNames(table, context),
    domain,
    keyed: column.constraints.some(({ kind }) => kind === "primary key"),
    context,
  }
  return [...columnSteps(addition), ...inlineSteps(addition)]
}

function columnSteps(addition: Addition): Step[] {
  const { column, domain, context } = addition
  if (column.generated !== null) return generatedSteps(addition)
  if (column.serial || column.identity !== null) return numberedSteps(addition)
  const text = column.default === null || column.default.isNull ? null : context.text(column.default.span)
  const required = column.notNull !== null || domain?.notNull === true
  const fallback = text ?? domain?.default ?? null
  const rows = domain === null ? [] : domainChecks(addition.table, addition.name, domain, addition.names)
  if (fallback === null) return [...plainSteps(addition), ...(required ? requiredSteps(addition) : []), ...rows]
  if (mayVary(fallback, context)) return [...filledSteps(addition, fallback, required), ...rows]
  return [constantStep(addition, fallback, required), ...rows]
}

/**
 * A default that is evaluated once is kept in the catalog from 11 on: the rows need not be touched (release notes of
 * 11).
 */
function constantStep(addition: Addition, fallback: string, required: boolean): Step {
  const rest = ` DEFAULT ${fallback}${required ? " NOT NULL" : ""}`
  return brief(
    {
      deploy: "expand",
      title: `Add ${quoteIdent(addition.name)} with its default`,
      note: "The default is evaluated once and kept in the catalog: no row is touched.",
    },
    addition.table,
    "ACCESS EXCLUSIVE",
    `${addText(addition)}${rest};`,
  )
}

function plainSteps(addition: Addition): Step[] {
  const title = `Add ${quoteIdent(addition.name)}, nullable and without default`
  return [brief({ deploy: "expand", title }, addition.table, "ACCESS EXCLUSIVE", `${addText(addition)};`)]
}

/** NOT NULL without default: the value of the old rows is the application's to know. */
function requiredSteps({ table, name, names, keyed, context }: Addition): Step[] {
  const fill = byHand({
    deploy: "migrate",
    title: `Ship code that always writes ${quoteIdent(name)}, then fill the rows that are there`,
    note:
      `Fill them in batches of about 1000 rows WHERE ${quoteIdent(name)} IS NULL; which value they get only the ` +
      "application knows. If one value fits all of them, give the column a DEFAULT instead.",
  })
  return [fill, ...notNullSteps({ table, columns: [{ name, declared: keyed }], names, filled: true }, context)]
}

/** A volatile default: for new rows at once, for the others in batches. */
function filledSteps(addition: Addition, fallback: string, required: boolean): Step[] {
  const { table, name, names, keyed, context } = addition
  const add = brief(
    {
      deploy: "expand",
      title: `Add ${quoteIdent(name)} with its default for new rows only`,
      note: "With the default in ADD COLUMN the whole table would be rewritten; set afterwards it touches no row.",
    },
    table,
    "ACCESS EXCLUSIVE",
    `${addText(addition)};`,
    fit(`ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdent(name)}`, `SET DEFAULT ${fallback};`),
  )
  const rest = required ? notNullSteps({ table, columns: [{ name, declared: keyed }], names, filled: true }, context) : []
  return [add, fillRows(addition, fallback), ...rest]
}

function fillRows({ table, name, context }: Addition, value: string): Step {
  return inBatches(
    {
      table,
      alias: null,
      write: (range) =>
        `UPDATE ${quoteName(table)} SET ${quoteIdent(name)} = ${value}\nWHERE ${range}\n  AND ${quoteIdent(name)} ` +
        "IS NULL",
      deploy: "migrate",
      title: "Fill the rows that are there, in batches",
      note: null,
      settled: false,
    },
    context,
  )
}

/** serial and identity: a sequence for new rows, numbers for the others, NOT NULL; identity takes over at the end. */
function numberedSteps(addition: Addition): Step[] {
  const { table, column, name, names, keyed, context } = addition
  const type = column.serial ? formatType(column.type) : context.text(column.type.span)
  const identity = column.identity
  const sequence = beside(table, names.relation([name], identity === null ? "seq" : "backfill_seq"))
  const next = `nextval(${quoteLiteral(quoteName(sequence))}::regclass)`
  const alter = `ALTER TABLE ${quoteName(table)}`
  const add = brief(
    {
      deploy: "expand",
      title: `Add ${quoteIdent(name)}, numbered from a sequence for new rows`,
      note: "Written as serial or identity, the whole table would be rewritten.",
    },
    table,
    "ACCESS EXCLUSIVE",
    fit(`CREATE SEQUENCE ${quoteName(sequence)} AS ${type}${identity === null ? "" : sequenceOptions(context.text(identity.span))};`),
    `${alter} ADD COLUMN ${quoteIdent(name)} ${type};`,
    ...(identity === null
      ? [`ALTER SEQUENCE ${quoteName(sequence)} OWNED BY ${quoteName(table)}.${quoteIdent(name)};`]
      : []),
    fit(`${alter} ALTER COLUMN ${quoteIdent(name)}`, `SET DEFAULT ${next};`),
  )
  const steps = [
    add,
    fillRows(addition, next),
    ...notNullSteps({ table, columns: [{ name, declared: identity !== null || keyed }], names, filled: true }, context),
  ]
  if (identity === null) return steps
  const takeOver = brief(
    { deploy: "contract", title: "Let the identity take over from the sequence" },
    table,
    "ACCESS EXCLUSIVE",
    `${alter} ALTER COLUMN ${quoteIdent(name)} DROP DEFAULT;`,
    fit(`${alter} ALTER COLUMN ${quoteIdent(name)}`, `ADD ${context.text(identity.span)};`),
    fit(
      "SELECT setval(",
      `pg_get_serial_sequence(${quoteLiteral(quoteName(table))}, ${quoteLiteral(name)}),`,
      "last_value, is_called)",
      `FROM ${quoteName(sequence)};`,
    ),
    `DROP SEQUENCE ${quoteName(sequence)};`,
  )
  return [...steps, takeOver]
}

/** ` START 100 INCREMENT 10` of `GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s START 100 INCREMENT 10)`: the numbers are to be the same. */
function sequenceOptions(identity: string): string {
  const tokens = lex(identity)
  const open = findKeyword(tokens, "identity") + 1
  if (!isSymbol(tokens, open, "(")) return ""
  const from = spanOf(tokens, open).end
  const to = spanOf(tokens, closingBracket(tokens, open)).start
  const named = findKeywords(tokens, ["sequence", "name"])
  if (named < 0) return ` ${identity.slice(from, to).trim()}`
  // A name with its schema is three tokens.
  const last = isSymbol(tokens, named + 3, ".") ? named + 4 : named + 2
  const rest = identity.slice(from, spanOf(tokens, named).start) + identity.slice(spanOf(tokens, last).end, to).trimStart()
  return ` ${rest}`.trimEnd()
}

/** GENERATED VIRTUAL (18): nothing is stored, so that only its NOT NULL makes rows to be read. */
function virtualSteps(addition: Addition, generated: NonNullable<ColumnDefinition["generated"]>): Step[] {
  const { table, column, name, names, context } = addition
  const expression = parenthesized(context.text(generated.expression.span))
  const add = brief(
    { deploy: "expand", title: `Add ${quoteIdent(name)}, which is computed when it is read` },
    table,
    "ACCESS EXCLUSIVE",
    fit(addText(addition), `GENERATED ALWAYS AS ${expression} VIRTUAL;`),
  )
  return [add, ...(column.notNull === null ? [] : notNullSteps({ table, columns: [{ name, declared: true }], names, filled: true }, context))]
}

/** GENERATED STORED: an ordinary column that a trigger computes. */
function generatedSteps(addition: Addition): Step[] {
  const { table, column, name, names, keyed, context } = addition
  const generated = column.generated
  if (generated?.stored === false) return virtualSteps(addition, generated)
  const expression = generated === null ? "" : context.text(generated.expression.span)
  const value = ofRow(expression, "NEW")
  const virtual =
    context.pgVersion >= 18
      ? "GENERATED ALWAYS AS with VIRTUAL needs no rewrite either, where the column is not to be indexed."
      : null
  if (value === null) {
    const note = joinNotes(
      "Add an ordinary column, let a trigger compute it, and fill the old rows in " + "batches.",
      virtual,
    )
    return [byHand({ deploy: "expand", title: "A stored generated column rewrites the table", note })]
  }
  const sync = syncOf(table, [name], names, context)
  const required = column.notNull !== null
  return [
    ...plainSteps(addition),
    createSync(
      sync,
      oneWay([{ to: name, value }]),
      `Compute ${quoteIdent(name)} on every write`,
      joinNotes(
        "The column is an ordinary one, kept by the trigger; GENERATED STORED always rewrites the " + "table.",
        virtual,
      ),
    ),
    inBatches(
      {
        table,
        alias: null,
        write: (range) =>
          `UPDATE ${quoteName(table)} SET ${quoteIdent(name)} = ${parenthesized(expression)}\nWHERE ${range}\n  AND ` +
          `${quoteIdent(name)} IS NULL`,
        deploy: "migrate",
        title: "Compute it for the rows that are there, in batches",
        note: null,
        settled: true,
      },
      context,
    ),
    ...(required ? notNullSteps({ table, columns: [{ name, declared: keyed }], names, filled: true }, context) : []),
  ]
}

/** CHECK, UNIQUE, PRIMARY KEY and REFERENCES written on the column, each by its own recipe. */
function inlineSteps({ table, column, name, names, domain, context }: Addition): Step[] {
  const required = column.notNull !== null || column.serial || column.identity !== null || domain?.notNull === true
  return column.constraints
    .filter((constraint: ConstraintDefinition) => constraint.kind !== "not null")
    .flatMap((constraint) => constraintSteps(table, constraint, names, context, { required: required ? [name] : [] }))
}

/** `ALTER TABLE t ADD COLUMN c type COLLATE "C"`, without semicolon. */
function addText({ table, column, name, domain, context }: Addition): string {
  const type = domain === null ? writtenType(column, context) : baseType(domain, table, context)
  const collation = column.collation === null ? "" : ` COLLATE ${quoteName(column.collation)}`
  return `ALTER TABLE ${quoteName(table)} ADD COLUMN ${quoteIdent(name)} ${type}${collation}`
}

function writtenType(column: ColumnDefinition, context: RecipeContext): string {
  return context.text(column.type.span)
}
