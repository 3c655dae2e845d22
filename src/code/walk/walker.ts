/** What all parts of the walk share. */
import type { FindOptions, Targets } from "../../embedded/index.ts"
import { pathOf, type Node } from "../../embedded/node.ts"
import type { Sources } from "../modules.ts"
import type { Scope } from "../scope.ts"
import type { FindSqlFile } from "../sql-files.ts"
import type { Tool } from "../tool.ts"
import type { Outbox } from "./outbox.ts"
import type { Place } from "./place.ts"

export interface Walker {
  readonly tool: Tool
  readonly sources: Sources
  /** Which calls and tags take SQL. */
  readonly targets: Targets
  /** Finds the files of SQL that the code reads; null when none is to be looked at. */
  readonly sqlFile: FindSqlFile | null
  readonly outbox: Outbox
  /** The migration has no transaction but those that it opens itself. */
  readonly opensTransactions: boolean
  /** Reads a part of the code. */
  visit(node: Node, place: Place): void
}

/** Reads parts of the code one after the other. */
export function visitAll(walker: Walker, nodes: readonly Node[], place: Place): void {
  for (const node of nodes) walker.visit(node, place)
}

/** How SQL is looked for where names stand for what they do in this scope. */
export function findIn({ sources, targets }: Walker, { resolve }: Scope): FindOptions {
  return { source: sources.all, targets, resolve }
}

/** The path of a property or call, with the tool's own name for what it hands to a migration. */
export function pathIn({ tool }: Walker, node: Node | null, { scope }: Place): string | null {
  const path = pathOf(node)
  const first = path === null ? undefined : /^[^.(]+/.exec(path)?.[0]
  return path !== null && first !== undefined && scope.isReceiver(first) ? tool.receiver + path.slice(first.length) : path
}
