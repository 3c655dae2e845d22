/** Reads the SQL of a migration written in JavaScript or TypeScript, without running it. */
import { createScript, createTargets, type FoundText, type Script } from "../embedded/index.ts"
import type { Node } from "../embedded/node.ts"
import { PLAIN, TOOLS } from "./builders/index.ts"
import { entriesOf } from "./entry.ts"
import { createScope } from "./scope.ts"
import type { FindSqlFile } from "./sql-files.ts"
import { placeOf } from "./values.ts"
import { walk } from "./walk.ts"

export interface CodeScript {
  readonly script: Script
  /**
   * Where calls stand whose SQL the code does not tell: dynamic names, loops, options that are not understood. `wide`: they may speak
   * of names that stand elsewhere.
   */
  readonly unread: readonly { readonly start: number; readonly end: number; readonly wide: boolean }[]
}

/**
 * @param tool The name of the tool's runner.
 * @param direction Which of the migration's functions is read.
 * @param sqlFile Finds the files of SQL that the code reads.
 */
export function readCode(program: Node, source: string, tool: string, direction: "up" | "down" = "up", sqlFile: FindSqlFile | null = null): CodeScript {
  const scope = createScope(program)
  const { sent, unread } = walk(entriesOf(program, scope, direction), scope, TOOLS[tool] ?? PLAIN, { source, targets: createTargets() }, sqlFile)
  // A text is found once, whichever way.
  const seen = new Set<string>()
  const texts = sent.flatMap(({ text, explicit, conditional }): FoundText[] => {
    const key = `${String(text.segments[0]?.from)}:${text.sql}`
    if (!text.segments.some(({ kind }) => kind !== "hole") || (!explicit && seen.has(key))) return []
    seen.add(key)
    return [{ text, explicit, down: false, conditional }]
  })
  const script = createScript(texts)
  const unparsable = script.unparsable.map(({ found: { text } }) => ({ start: text.from, end: text.to, wide: text.holes.length > 0 }))
  const calls = unread.map(({ node, wide }) => ({ start: placeOf(node).from, end: placeOf(node).to, wide }))
  return { script, unread: [...calls, ...unparsable] }
}

/** The files of SQL that the functions of a migration read, in either direction, as `sqlFile` is asked for them. */
export function askForSqlFiles(program: Node, source: string, tool: string, sqlFile: FindSqlFile): void {
  for (const direction of ["up", "down"] as const) {
    const scope = createScope(program)
    walk(entriesOf(program, scope, direction), scope, TOOLS[tool] ?? PLAIN, { source, targets: createTargets() }, sqlFile)
  }
}
