import type { Name } from "../../parse/name.ts"
import type { OperationOf } from "../../parse/operation.ts"
import type { Index } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { applyEdits } from "../edit.ts"
import { listed } from "../dependents.ts"
import { beside, quoteName } from "../sql.ts"
import { alone, byHand, joinNotes, lockOn, recipe } from "../steps.ts"

const FAILED =
  "Alone in its file, outside a transaction, with lock_timeout and statement_timeout off. A failed run leaves INVALID indexes " +
  "whose names end in _ccnew or _ccold: drop them with DROP INDEX CONCURRENTLY and run it again."

export type ReindexParameters = Readonly<OperationOf<"reindex">>

/** Whether the index has a concurrent rebuild: one of an exclusion constraint has none (docs: REINDEX). */
export function isRebuiltConcurrently(index: Index, { catalog }: Pick<RecipeContext, "catalog">): boolean {
  const constraint = index.constraint === null ? undefined : catalog.constraintById(index.constraint)
  // WITHOUT OVERLAPS (18) is kept by an exclusion, too; no other unique index is one of GiST.
  return constraint?.kind !== "exclude" && !(constraint !== undefined && index.method === "gist")
}

/** REINDEX CONCURRENTLY, which exists from 12 on, and not for system catalogs and exclusion constraints (docs: REINDEX). */
export function reindex(operation: ReindexParameters, context: RecipeContext): Step[] {
  const { target, name, span, concurrentlySpan } = operation
  if (target === "system" || context.pgVersion < 12) return recipe([byHand(withoutConcurrently(operation))])
  const index = target === "index" && name !== null ? context.catalog.index(name) : undefined
  if (index !== undefined && !isRebuiltConcurrently(index, context)) return recipe([byHand(ofExclusion(quoteIdent(index.name)))])
  const text = applyEdits(context.text(span), span.start, [
    { span: concurrentlySpan, text: operation.concurrently ? "CONCURRENTLY" : " CONCURRENTLY" },
    ...(name !== null && context.movesSearchPath === true ? [{ span: name.span, text: quoteName(name) }] : []),
  ])
  const table = lockedTable(operation, context)
  return recipe([
    alone(
      {
        deploy: "migrate",
        title: "Rebuild while reads and writes go on",
        note: joinNotes(FAILED, leftOut(operation, context)),
      },
      table === null ? null : lockOn(table, "SHARE UPDATE EXCLUSIVE", "build"),
      `${text};`,
    ),
  ])
}

/** ALTER INDEX ... SET TABLESPACE: REINDEX builds the index there, from 14 on (docs: REINDEX). None before. */
export function moveIndex({ index, tablespace }: { readonly index: Name; readonly tablespace: string }, context: RecipeContext): Step[] {
  if (context.pgVersion < 14) return []
  const table = lockedTable({ target: "index", name: index }, context)
  return recipe([
    alone(
      { deploy: "migrate", title: `Build the index in ${tablespace} while reads and writes go on`, note: FAILED },
      table === null ? null : lockOn(table, "SHARE UPDATE EXCLUSIVE", "build"),
      `REINDEX (TABLESPACE ${quoteIdent(tablespace)}) INDEX CONCURRENTLY ${quoteName(index)};`,
    ),
  ])
}

function ofExclusion(index: string): { deploy: "migrate"; title: string; note: string } {
  return {
    deploy: "migrate",
    title: `Rebuild ${index} in a maintenance window`,
    note: "The index of an exclusion constraint has no concurrent rebuild: REINDEX INDEX CONCURRENTLY fails with 0A000.",
  }
}

/** Indexes of the table that the concurrent rebuild passes over with a warning. */
function leftOut({ target, name }: ReindexParameters, context: RecipeContext): string | null {
  const relation = target === "table" && name !== null ? context.catalog.relation(name) : undefined
  if (relation === undefined) return null
  const left = context.catalog.indexesOf(relation.id).filter((index) => !isRebuiltConcurrently(index, context))
  if (left.length === 0) return null
  const names = listed(left.map((index) => quoteIdent(index.name)))
  return `It leaves out ${names}: the index of an exclusion constraint has no concurrent rebuild.`
}

/** The table whose lock matters; null for a whole schema or database. */
function lockedTable({ target, name }: Pick<ReindexParameters, "target" | "name">, { catalog }: RecipeContext): PlainName | null {
  if (name === null || (target !== "index" && target !== "table")) return null
  const index = target === "index" ? catalog.index(name) : undefined
  const relation = index && catalog.relationById(index.table)
  return relation === undefined ? name : beside(name, relation.name)
}

function withoutConcurrently({ target, name }: ReindexParameters): { deploy: "migrate"; title: string; note: string } {
  if (target === "system") {
    return {
      deploy: "migrate",
      title: "Rebuild the system catalogs in a maintenance window",
      note: "REINDEX SYSTEM has no concurrent form; every session that plans a query waits for it.",
    }
  }
  const what = name === null ? "the database's indexes" : quoteName(name)
  return {
    deploy: "migrate",
    title: `Rebuild ${what} by replacing`,
    note:
      "REINDEX CONCURRENTLY exists from PostgreSQL 12 on. Build each index again under another name with CREATE " +
      "INDEX CONCURRENTLY, " +
      "drop the old one with DROP INDEX CONCURRENTLY, and give the new one its name with ALTER INDEX RENAME.",
  }
}
