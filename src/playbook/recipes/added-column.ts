import type { Name } from "../../parse/name.ts"
import type { ColumnDefinition } from "../../parse/operation.ts"
import type { ColumnType } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { ConstrainedDomain } from "../domains.ts"
import type { Names } from "../names.ts"
import { formatType, quoteIdent, resolveWrittenType } from "../../schema/index.ts"
import { lex } from "../../source/lexer.ts"
import { closingBracket, findKeyword, findKeywords, isSymbol, spanOf } from "../../source/tokens.ts"
import { baseType, constrainedDomain } from "../domains.ts"
import { mayVary, ofRow } from "../expressions.ts"
import { beside, fit, parenthesized, quoteLiteral, quoteName } from "../sql.ts"

/** How a new column comes beside running writes: bare, with a default for all rows or for new ones, with a sequence, or computed when it is read. */
export type Kind = "bare" | "constant" | "varying" | "numbered" | "virtual"

/** What one new column asks for. */
export interface AddedColumn {
  readonly kind: Kind
  readonly name: string
  readonly type: ColumnType
  /** The domain whose base type it has. */
  readonly domain: ConstrainedDomain | null
  /** `ADD COLUMN c int`, in parts that may stand in lines of their own. */
  readonly add: readonly string[]
  /** Statements of the same transaction: those before it, and those behind it. */
  readonly before: readonly string[]
  readonly behind: readonly string[]
  /** The default for new rows, which is set afterwards. */
  readonly default: string | null
  /** What the rows that are there get. */
  readonly fill: string | null
  /** What a trigger makes of each row that is written, in terms of NEW. */
  readonly computed: string | null
  readonly required: boolean
  /** A primary key or identity is to follow, for which a CHECK does not do. */
  readonly declared: boolean
  /** Statements by which an identity takes over from the sequence. */
  readonly takeOver: readonly string[]
}

/** Where columns are added. */
export interface Adding {
  readonly table: Name
  /** Columns of a primary key that is to follow. */
  readonly keyed: readonly string[]
  readonly names: Names
  readonly context: RecipeContext
}

/** Null for a stored generated column whose expression a trigger cannot compute. */
export function addedColumn(column: ColumnDefinition, adding: Adding): AddedColumn | null {
  const { table, context } = adding
  const resolved = resolveWrittenType(context.catalog, column.type)
  const domain = constrainedDomain(resolved, context.catalog)
  const keyed = column.constraints.some(({ kind }) => kind === "primary key") || adding.keyed.includes(column.name.name)
  const type = domain === null ? context.text(column.type.span) : baseType(domain, table, context)
  const collation = column.collation === null ? "" : ` COLLATE ${quoteName(column.collation)}`
  const bare: AddedColumn = {
    kind: "bare",
    name: column.name.name,
    type: resolved,
    domain,
    add: [`ADD COLUMN ${quoteIdent(column.name.name)} ${type}${collation}`],
    before: [],
    behind: [],
    default: null,
    fill: null,
    computed: null,
    required: column.notNull !== null || domain?.notNull === true,
    declared: keyed,
    takeOver: [],
  }
  if (column.generated !== null) return generated(bare, context.text(column.generated.expression.span), column.generated.stored)
  if (column.serial || column.identity !== null) return numbered(bare, column, adding)
  const text = column.default === null || column.default.isNull ? null : context.text(column.default.span)
  const fallback = text ?? domain?.default ?? null
  if (fallback === null) return bare
  if (mayVary(fallback, context)) return { ...bare, kind: "varying", default: fallback, fill: fallback }
  // A default that is evaluated once is kept in the catalog from 11 on: the rows need not be touched (release notes of 11).
  const add = `${bare.add.join(" ")} DEFAULT ${fallback}${bare.required ? " NOT NULL" : ""}`
  return { ...bare, kind: "constant", add: [add], required: false }
}

/** GENERATED STORED: an ordinary column that a trigger computes. VIRTUAL (18): nothing is stored, so that only its NOT NULL makes rows to be read. */
function generated(bare: AddedColumn, expression: string, stored: boolean): AddedColumn | null {
  if (!stored) {
    const add = [...bare.add, `GENERATED ALWAYS AS ${parenthesized(expression)} VIRTUAL`]
    return { ...bare, kind: "virtual", add, declared: true }
  }
  const computed = ofRow(expression, "NEW")
  return computed === null ? null : { ...bare, fill: parenthesized(expression), computed }
}

/** serial and identity: a sequence for new rows, numbers for the others, NOT NULL; identity takes over at the end. */
function numbered(bare: AddedColumn, column: ColumnDefinition, { table, names, context }: Adding): AddedColumn {
  const { name } = bare
  const type = column.serial ? formatType(column.type) : context.text(column.type.span)
  const identity = column.identity === null ? null : context.text(column.identity.span)
  const sequence = beside(table, names.relation([name], identity === null ? "seq" : "backfill_seq"))
  const next = `nextval(${quoteLiteral(quoteName(sequence))}::regclass)`
  const owned = `ALTER SEQUENCE ${quoteName(sequence)} OWNED BY ${quoteName(table)}.${quoteIdent(name)};`
  return {
    ...bare,
    kind: "numbered",
    add: [`ADD COLUMN ${quoteIdent(name)} ${type}`],
    before: [fit(`CREATE SEQUENCE ${quoteName(sequence)} AS ${type}${identity === null ? "" : sequenceOptions(identity)};`)],
    behind: identity === null ? [owned] : [],
    default: next,
    fill: next,
    required: true,
    declared: identity !== null || bare.declared,
    takeOver: identity === null ? [] : takeOver(table, name, identity, quoteName(sequence)),
  }
}

function takeOver(table: Name, name: string, identity: string, sequence: string): string[] {
  const alter = `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdent(name)}`
  return [
    `${alter} DROP DEFAULT;`,
    fit(alter, `ADD ${identity};`),
    fit(
      "SELECT setval(",
      `pg_get_serial_sequence(${quoteLiteral(quoteName(table))}, ${quoteLiteral(name)}),`,
      "last_value, is_called)",
      `FROM ${sequence};`,
    ),
    `DROP SEQUENCE ${sequence};`,
  ]
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
