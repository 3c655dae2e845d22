import type { Name } from "../../parse/name.ts"
import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { applyEdits } from "../edit.ts"
import { beside, quoteName } from "../sql.ts"
import { alone, byHand, lockOn, recipe } from "../steps.ts"

const FAILED =
  "Alone in its file, outside a transaction, with lock_timeout and statement_timeout off. A failed run leaves INVALID indexes " +
  "whose names end in _ccnew or _ccold: drop them with DROP INDEX CONCURRENTLY and run it again."

export type ReindexParameters = Readonly<OperationOf<"reindex">>

/** REINDEX CONCURRENTLY, which exists from 12 on and for everything but system catalogs (docs: REINDEX). */
export function reindex(operation: ReindexParameters, context: RecipeContext): Step[] {
  const { target, span, concurrentlySpan } = operation
  if (target === "system" || context.pgVersion < 12) return recipe([byHand(withoutConcurrently(operation))])
  const text = applyEdits(context.text(span), span.start, [{ span: concurrentlySpan, text: operation.concurrently ? "CONCURRENTLY" : " CONCURRENTLY" }])
  const table = lockedTable(operation, context)
  return recipe([
    alone(
      {
        deploy: "migrate",
        title: "Rebuild while reads and writes go on",
        note: FAILED,
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
