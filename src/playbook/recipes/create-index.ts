import type { OperationOf } from "../../parse/operation.ts"
import type { Relation } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { Edit } from "../edit.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { indexColumnNames } from "../../schema/derived-names.ts"
import { quoteIdent } from "../../schema/format.ts"
import { lex } from "../../source/lexer.ts"
import { findKeywords } from "../../source/tokens.ts"
import { applyEdits } from "../edit.ts"
import { createNames, type Names } from "../names.ts"
import { beside, fit, quoteName, regclass } from "../sql.ts"
import { alone, brief, codeLine, joinNotes, lockOn, recipe } from "../steps.ts"

export type CreateIndexParameters = Readonly<OperationOf<"create index">>

/**
 * CREATE INDEX on an ordinary or partitioned table, or a concurrent one with IF NOT EXISTS. The user's own statement is
 * edited, so that every clause stays as written.
 */
export function createIndex(operation: CreateIndexParameters, context: RecipeContext): Step[] {
  const relation = context.catalog.relation(operation.table)
  if (relation?.kind === "partitioned table" && !operation.only)
    return recipe(onPartitions(operation, relation, context))
  const index = operation.index?.name ?? derivedName(operation, createNames(operation.table, context))
  const statement = `${edited(operation, index, context, qualifiedTable(operation, context), "CONCURRENTLY")};`
  const steps = operation.ifNotExists ? [dropLeftover(operation.table, index)] : []
  return recipe([...steps, concurrentBuild(operation.table, index, statement, context)])
}

/** CREATE INDEX CONCURRENTLY with what to do when it fails. */
export function concurrentBuild(
  table: PlainName,
  index: string,
  statement: string,
  context: RecipeContext,
  note: string | null = null,
): Step {
  return alone(
    {
      deploy: "expand",
      title: `Build ${quoteIdent(index)} while reads and writes go on`,
      note: joinNotes(BUILD, note, recovery(beside(table, index), context.pgVersion)),
    },
    lockOn(table, "SHARE UPDATE EXCLUSIVE", "build"),
    statement,
  )
}

const BUILD =
  "Alone in its file, outside a transaction, with lock_timeout and statement_timeout off: it waits for older " +
  "transactions."

function recovery(index: PlainName, pgVersion: number): string | null {
  const name = quoteName(index)
  const finish = ["Then finish it:", codeLine(`REINDEX INDEX CONCURRENTLY ${name};`), "Or drop it, and build again:"]
  return joinNotes(
    "A failed build leaves an INVALID index, which slows writes and serves no query. To see it:",
    codeLine(`SELECT indisvalid FROM pg_index WHERE indexrelid = ${regclass(index)};`),
    ...(pgVersion >= 12 ? finish : ["Then drop it, and build again:"]),
    codeLine(`DROP INDEX CONCURRENTLY ${name};`),
  )
}

function dropLeftover(table: PlainName, index: string): Step {
  return alone(
    {
      deploy: "expand",
      title: "Drop what a failed build may have left",
      note:
        "IF NOT EXISTS would keep an INVALID index for ever. Leave this step out where the index is known to be " +
        "valid.",
    },
    lockOn(table, "SHARE UPDATE EXCLUSIVE", "instant"),
    `DROP INDEX CONCURRENTLY IF EXISTS ${quoteName(beside(table, index))};`,
  )
}

/**
 * ON ONLY the parent, then every partition by itself, then ATTACH: the parent's index is valid with the last of them.
 */
function onPartitions(operation: CreateIndexParameters, parent: Relation, context: RecipeContext): Step[] {
  const { table } = operation
  const builds: Step[] = []
  const attachments: string[] = []
  const locked: PlainName[] = []
  const parents: string[] = []
  const names = createNames(table, context)
  const visit = (name: PlainName, relation: Relation, parentIndex: string | null): void => {
    if (relation.kind === "foreign table") return
    const own = parentIndex === null ? operation.index?.name : undefined
    const index = own ?? derivedName(operation, parentIndex === null ? names : names.of(name))
    const target: readonly Edit[] = parentIndex === null ? qualifiedTable(operation, context) : [{ span: operation.table.span, text: quoteName(name) }]
    if (parentIndex !== null) {
      attachments.push(`ALTER INDEX ${parentIndex} ATTACH PARTITION ${quoteName(beside(name, index))};`)
      locked.push(beside(name, index))
    }
    if (relation.kind !== "partitioned table") {
      const statement = `${edited(operation, index, context, target, "CONCURRENTLY")};`
      builds.push(concurrentBuild(name, index, statement, context))
      return
    }
    parents.push(`${edited(operation, index, context, onlyTable(operation, name), null)};`)
    for (const child of context.catalog.children(relation.id)) {
      const childName = {
        schema: table.schema === null && child.schema === parent.schema ? null : child.schema,
        name: child.name,
      }
      visit(childName, child, quoteName(beside(name, index)))
    }
  }
  visit(table, parent, null)
  const only = brief(
    {
      deploy: "expand",
      title: "Declare the index on the partitioned table alone",
      note: "It stays INVALID until an index of every partition is attached.",
    },
    table,
    "SHARE",
    ...parents,
  )
  if (locked[0] === undefined) {
    const note =
      "No partition is known to pgsafe. Build the index on each with CREATE INDEX CONCURRENTLY, then ALTER INDEX " +
      "ATTACH PARTITION."
    return [{ ...only, note: joinNotes(only.note, note) }]
  }
  const attach = brief(
    {
      deploy: "expand",
      title: "Attach the partitions' indexes; the last one makes the index valid",
      note: "A partition created meanwhile has its index already.",
    },
    locked[0],
    "ACCESS EXCLUSIVE",
    ...attachments,
  )
  return [only, ...builds, attach]
}

/** The table as the operation names it, which is no longer as the statement has it. */
function qualifiedTable({ table }: CreateIndexParameters, { movesSearchPath }: RecipeContext): readonly Edit[] {
  return movesSearchPath === true ? [{ span: table.span, text: quoteName(table) }] : []
}

function onlyTable({ table }: CreateIndexParameters, name: PlainName): readonly Edit[] {
  return [{ span: table.span, text: `ONLY ${quoteName(name)}` }]
}

/** The user's statement with its name, its table and CONCURRENTLY as wanted, and without IF NOT EXISTS. */
function edited(
  operation: CreateIndexParameters,
  index: string,
  context: RecipeContext,
  target: readonly Edit[],
  concurrently: "CONCURRENTLY" | null,
): string {
  const { span, concurrentlySpan } = operation
  const text = context.text(span)
  const keyword = concurrently === null ? "" : ` ${concurrently}`
  const written = concurrentlySpan.end > concurrentlySpan.start
  // A word in place of CONCURRENTLY has its blank in front already.
  const edits: Edit[] = [...target]
  if (operation.index === null)
    edits.push({ span: concurrentlySpan, text: `${written ? keyword.trim() : keyword} ` + `${quoteIdent(index)}` })
  else {
    edits.push({ span: concurrentlySpan, text: written ? keyword.trim() : keyword })
    edits.push({ span: operation.index.span, text: quoteIdent(index) })
  }
  const tokens = lex(text)
  const exists = operation.ifNotExists ? findKeywords(tokens, ["if", "not", "exists"]) : -1
  const from = tokens.starts[exists]
  const to = tokens.starts[exists + 3]
  if (from !== undefined && to !== undefined)
    edits.push({ span: { start: span.start + from, end: span.start + to }, text: "" })
  return applyEdits(text, span.start, edits)
}

/** The name that PostgreSQL would choose (ChooseIndexName). */
function derivedName(operation: CreateIndexParameters, names: Names): string {
  const keys = operation.elements.map(
    (element) => element.column?.name ?? element.expression?.functions[0]?.name ?? null,
  )
  const columns = indexColumnNames([...keys, ...operation.include.map((column) => column.name)])
  return names.relation(columns, "idx")
}

/** Steps that build a unique index: also for constraints, which are then put on it. */
export function uniqueIndex(
  table: PlainName,
  index: string,
  columns: string,
  tail: string,
  context: RecipeContext,
): Step {
  const statement = fit(
    `CREATE UNIQUE INDEX CONCURRENTLY ${quoteIdent(index)}`,
    `ON ${quoteName(table)} (${columns})${tail};`,
  )
  return concurrentBuild(table, index, statement, context, "Duplicates make it fail: look for them first.")
}

/** A plain index for a recipe's own use. */
export function plainIndex(table: PlainName, index: string, columns: string, context: RecipeContext): Step {
  const statement = fit(`CREATE INDEX CONCURRENTLY ${quoteIdent(index)}`, `ON ${quoteName(table)} (${columns});`)
  return concurrentBuild(table, index, statement, context)
}
