/** Goes through the code of a migration in the order in which it would run, and takes down the SQL it sends. */
import type { Targets } from "../../embedded/index.ts"
import type { Entry } from "../entry.ts"
import type { Sources } from "../modules.ts"
import { isFunction } from "../nodes.ts"
import type { FindSqlFile } from "../sql-files.ts"
import type { Tool } from "../tool.ts"
import { run } from "./functions.ts"
import { createOutbox, type Sent, type Unread } from "./outbox.ts"
import { createFrame, type Place } from "./place.ts"
import { visit } from "./visit.ts"
import type { Walker } from "./walker.ts"

/** What a migration sends. */
export interface Walked {
  readonly sent: readonly Sent[]
  /** Calls whose SQL the code does not tell. */
  readonly unread: readonly Unread[]
}

/**
 * Follows the code from the functions where the migration begins, also into functions that it imports and hands what changes the schema.
 *
 * @param sqlFile Finds the files of SQL that the code reads.
 */
export function walk(entries: readonly Entry[], sources: Sources, tool: Tool, targets: Targets, sqlFile: FindSqlFile | null = null): Walked {
  const outbox = createOutbox(tool, (offset) => sources.isElsewhere(offset))
  const opensTransactions = tool.ownTransactions?.test(sources.all) === true
  const walker: Walker = { tool, sources, targets, sqlFile, outbox, opensTransactions, visit: (node, place) => visit(walker, node, place) }
  for (const { node, scope, at } of entries) {
    const place: Place = { scope, conditional: false, guards: [], outerGuards: [], frame: createFrame(), stack: [], calls: 0, at }
    if (isFunction(node)) run(walker, node, ["receiver"], place)
    else visit(walker, node, place)
  }
  return { sent: outbox.sent(), unread: outbox.unread() }
}
