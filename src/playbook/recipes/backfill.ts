import type { ColumnReference, Expression } from "../../parse/expression.ts"
import type { Name } from "../../parse/name.ts"
import type { OperationOf } from "../../parse/operation.ts"
import type { Constraint } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { identifierName, lex } from "../../source/lexer.ts"
import { findKeyword, isKeyword, isSymbol } from "../../source/tokens.ts"
import { quoteIdent } from "../../schema/format.ts"
import { inBatches } from "../batches.ts"
import { listed } from "../dependents.ts"
import { applyEdits } from "../edit.ts"
import { isSameTable, keyOf } from "../facts.ts"
import { parenthesized, quoteName } from "../sql.ts"
import { byHand, joinNotes, recipe } from "../steps.ts"

export type BatchUpdateParameters = Readonly<OperationOf<"update">>
export type BatchDeleteParameters = Readonly<OperationOf<"delete">>

/** An UPDATE of many rows, cut into batches; by hand where a batch could change what another one has changed already. */
export function batchUpdate(operation: BatchUpdateParameters, context: RecipeContext): Step[] {
  const { table, where } = operation
  const again = writesWhatItReads(operation, context)
  const why = again ? whyOnce(operation, context) : null
  if (why !== null) {
    const note =
      `${why} Give the new values to a second column, or remember in a column of its own which rows are done, and batch by ` +
      "that: pgsafe cannot write this loop."
    return [byHand({ deploy: "migrate", title: `Update ${quoteName(table)} in batches that leave out rows which are done`, note })]
  }
  return recipe([
    batch(
      { table, where, reads: operation.query.reads, text: context.text(operation.span), start: operation.span.start, verb: "Update" },
      again
        ? "What it writes depends on what it writes over: its WHERE has to leave out rows that are done, or a " +
            "second run changes them twice."
        : null,
      context,
    ),
  ])
}

/** Whether the new values are computed from those that it writes over, of the same row or of others. */
function writesWhatItReads(operation: BatchUpdateParameters, context: RecipeContext): boolean {
  const { columns, query, where, span } = operation
  const limit = where?.span.start ?? span.end
  const written = columns.map((column) => column.name)
  return query.columns.some((column) => column.span.start < limit && written.includes(column.column) && isOfTarget(column, operation, context))
}

/** Whether a column may be the table's, and not that of another one or of a sub-query in FROM. */
function isOfTarget({ table: qualifier }: ColumnReference, { table, query }: BatchUpdateParameters, context: RecipeContext): boolean {
  if (qualifier === null) return true
  const named = query.aliases.find(({ alias }) => alias === qualifier)
  if (named !== undefined) return named.table !== null && isSameTable(named.table, table, context)
  const read = query.reads.find(({ name }) => name === qualifier)
  return read === undefined || isSameTable(read, table, context)
}

/** Why a row would be changed twice, or from values that are new already; null where each is changed once, or its WHERE sees to that. */
function whyOnce({ table, columns, query, where }: BatchUpdateParameters, context: RecipeContext): string | null {
  if (query.reads.some((read) => isSameTable(read, table, context)))
    return `It computes values from other rows of ${quoteName(table)}, which an earlier batch may have changed.`
  const written = columns.map((column) => column.name)
  if (where?.columns.some(({ column }) => written.includes(column)) === true) return null
  const relation = context.catalog.relation(table)
  const key = relation === undefined ? null : keyOf(context.catalog, relation)
  if (key === null) return `What it writes depends on what it writes over, and no key of ${quoteName(table)} is known: a row that has got its new value may come up again.`
  return key.some((column) => written.includes(column)) ? "It changes the key that batches go by: a row that has got its new value may come up again." : null
}

/** A DELETE of many rows, cut into batches. */
export function batchDelete(operation: BatchDeleteParameters, context: RecipeContext): Step[] {
  const { table, where } = operation
  const source = {
    table,
    where,
    reads: operation.query.reads,
    text: context.text(operation.span),
    start: operation.span.start,
    verb: "Delete",
  } as const
  const loose = where === null ? looseSteps(table, context) : { steps: [], left: selfReferences(table, context) }
  return recipe([...loose.steps, batch(source, leftNote(loose.left), context)])
}

/** DELETE of all rows, for a table that is to be emptied. */
export function deleteAll(table: PlainName, context: RecipeContext): Step[] {
  const { steps, left } = looseSteps(table, context)
  const deletion = inBatches(
    {
      table,
      alias: null,
      write: (range) => `DELETE FROM ${quoteName(table)}\nWHERE ${range}`,
      deploy: "migrate",
      title: `Delete the rows of ${quoteName(table)} in batches`,
      note: leftNote(left),
      settled: false,
      isUpdate: false,
    },
    context,
  )
  return [...steps, deletion]
}

/** Foreign keys of a table to itself that refuse to let a row go before those which reference it. One statement that deletes both is allowed to, batches are not. */
function selfReferences(table: PlainName, { catalog }: RecipeContext): readonly Constraint[] {
  const relation = catalog.relation(table)
  if (relation === undefined) return []
  return catalog
    .constraintsOf(relation.id)
    .filter(({ enforced, references }) => enforced && references?.table === relation.id && ["no action", "restrict"].includes(references.onDelete))
}

/** Where all rows go, they first give up what they reference of each other. */
function looseSteps(table: PlainName, context: RecipeContext): { readonly steps: readonly Step[]; readonly left: readonly Constraint[] } {
  const relation = context.catalog.relation(table)
  const column = ({ columns }: Constraint): string | undefined =>
    columns.find((name) => relation !== undefined && context.catalog.column(relation, name)?.notNull === false)
  const references = selfReferences(table, context)
  const columns = [...new Set(references.map(column))].filter((name) => name !== undefined).map(quoteIdent)
  const left = references.filter((reference) => column(reference) === undefined)
  if (columns.length === 0) return { steps: [], left }
  const update = inBatches(
    {
      table,
      alias: null,
      write: (range) =>
        `UPDATE ${quoteName(table)} SET ${columns.map((name) => `${name} = NULL`).join(", ")}\nWHERE ${range}\n  AND ${
          columns.length === 1 ? `${columns[0] ?? ""} IS NOT NULL` : `num_nonnulls(${columns.join(", ")}) > 0`
        }`,
      deploy: "migrate",
      title: `Let the rows of ${quoteName(table)} reference one another no more`,
      note: "A batch cannot delete what rows of a later one reference.",
      settled: false,
      isUpdate: true,
    },
    context,
  )
  return { steps: [update], left }
}

function leftNote(references: readonly Constraint[]): string | null {
  if (references.length === 0) return null
  const names = references.map(({ name }) => quoteIdent(name))
  return `A batch fails where rows that are left, or belong to a later batch, reference its rows by ${listed(names)}: let those go first.`
}

interface Source {
  readonly table: Name
  readonly where: Expression | null
  /** The relations that the statement reads. */
  readonly reads: readonly Name[]
  /** The statement, and where it begins in the file. */
  readonly text: string
  readonly start: number
  readonly verb: "Update" | "Delete"
}

/** The user's own statement, each batch with one more condition. */
function batch(source: Source, note: string | null, context: RecipeContext): Step {
  const { table, where, text, start, verb } = source
  const title = `${verb} ${quoteName(table)} in batches`
  const parts = splitAtWhere(
    text,
    where === null ? null : where.span.start - start,
    where === null ? null : where.span.end - start,
  )
  if (parts === null) {
    const note =
      `Restrict each run of the statement to a range of about 1000 rows of ${quoteName(table)} by its key, and ` +
      "commit after each: " +
      "WITH, RETURNING and WHERE CURRENT OF keep pgsafe from writing the loop."
    return byHand({ deploy: "migrate", title, note })
  }
  const alias = aliasOf(text, table, start)
  const head = context.movesSearchPath === true ? applyEdits(parts.head, start, [{ span: table.span, text: quoteName(table) }]) : parts.head
  return inBatches(
    {
      table,
      alias,
      write: (range) => {
        const condition = parts.condition === null ? "" : `${parenthesized(parts.condition)}\n  AND `
        return `${head}\nWHERE ${condition}${range}`
      },
      deploy: "migrate",
      title,
      note: joinNotes(temporaryNote(source.reads, context), note),
      settled: false,
      isUpdate: false,
    },
    context,
  )
}

/** Other sessions do not see the rows that it goes by. */
function temporaryNote(reads: readonly Name[], { catalog }: RecipeContext): string | null {
  const names = [...new Set(reads.filter((read) => catalog.relation(read)?.persistence === "temporary").map(quoteName))]
  if (names.length === 0) return null
  return names.length === 1
    ? `${names.join("")} is a temporary table: make it, outside a transaction, in the session that runs this.`
    : `${listed(names)} are temporary tables: make them, outside a transaction, in the session that runs this.`
}

/** The statement before its WHERE, and the condition; null when it has clauses that do not fit into a loop. */
function splitAtWhere(
  text: string,
  conditionStart: number | null,
  conditionEnd: number | null,
): { head: string; condition: string | null } | null {
  const tokens = lex(text)
  if (!isKeyword(tokens, 0, "update") && !isKeyword(tokens, 0, "delete")) return null
  if (findKeyword(tokens, "returning") >= 0 || findKeyword(tokens, "current") >= 0) return null
  if (conditionStart === null || conditionEnd === null) return { head: text.trimEnd(), condition: null }
  const before = text.slice(0, conditionStart)
  const keyword = before.toLowerCase().lastIndexOf("where")
  return keyword < 0
    ? null
    : { head: before.slice(0, keyword).trimEnd(), condition: text.slice(conditionStart, conditionEnd) }
}

/** The name under which the statement knows its table when other tables are in it, or an alias is given. */
function aliasOf(text: string, table: Name, start: number): string | null {
  const tokens = lex(text)
  let next = 0
  while (next < tokens.count && (tokens.starts[next] ?? 0) < table.span.end - start) next++
  if (isSymbol(tokens, next, "*")) next++
  if (isKeyword(tokens, next, "as")) return identifierName(tokens, next + 1) ?? null
  const isClause = ["set", "from", "using", "where"].some((keyword) => isKeyword(tokens, next, keyword))
  if (!isClause) return identifierName(tokens, next) ?? null
  const others = findKeyword(tokens, "from", next) >= 0 || isKeyword(tokens, next, "using")
  return others ? table.name : null
}
