/** Reads the SQL of a migration written in JavaScript or TypeScript, without running it. */
import { createScript, createTargets, type EmbeddedText, type FoundText, type Script } from "../embedded/index.ts"
import type { Node } from "../embedded/node.ts"
import { PLAIN, TOOLS } from "./builders/index.ts"
import { entriesOf } from "./entry.ts"
import type { DjangoProject } from "./languages/django/history.ts"
import type { ChangelogPlace } from "./languages/liquibase/read.ts"
import type { PythonModules } from "./languages/python/modules.ts"
import { createSources, type FindModule } from "./modules.ts"
import type { FindSqlFile } from "./sql-files.ts"
import type { Tool } from "./tool.ts"
import { placeOf } from "./values.ts"
import { walk } from "./walk/index.ts"

export interface CodeScript {
  readonly script: Script
  /**
   * Where calls stand whose SQL the code does not tell: dynamic names, loops, options that are not understood. `wide`: they may speak
   * of names that stand elsewhere. `sql`: what they send if they do so at all. `at`: the places of the script where they would have sent it.
   */
  readonly unread: readonly { readonly start: number; readonly end: number; readonly wide: boolean; readonly sql: string; readonly at: readonly number[] }[]
  /** All code that was read. */
  readonly sources: string
}

/** Finds what the code of a migration speaks of. */
export interface FindFiles {
  /** The files of SQL that it reads. */
  readonly sqlFile: FindSqlFile | null
  /** The files of code that it imports. */
  readonly module: FindModule | null
  /** The other migrations of a project of Django, whose models its own ones change. */
  readonly django: DjangoProject | null
  /** The modules of a project in Python, whose types its migrations use. */
  readonly python: PythonModules | null
  /** What the other changelogs of a project of Liquibase say of this one. */
  readonly changelog: ChangelogPlace | null
}

const NO_FILES: FindFiles = { sqlFile: null, module: null, django: null, python: null, changelog: null }

/**
 * @param name That of the tool's runner.
 * @param direction Which of the migration's functions is read.
 * @param settings What the project's settings say of all migrations.
 */
export function readCode(program: Node, source: string, name: string, direction: "up" | "down" = "up", { sqlFile, module }: Pick<FindFiles, "sqlFile" | "module"> = NO_FILES, settings?: string): CodeScript {
  const sources = createSources(program, source, module)
  const { sent, unread } = walk(entriesOf(program, sources.scope, direction), sources, toolOf(name, settings), createTargets(), sqlFile)
  // A text is found once, whichever way.
  const seen = new Set<string>()
  const texts = sent.flatMap(({ text, explicit, conditional, guards, maybe, outside }): FoundText[] => {
    const key = `${String(text.segments[0]?.from)}:${text.sql}`
    if (!text.segments.some(({ kind }) => kind !== "hole") || (!explicit && seen.has(key))) return []
    seen.add(key)
    return [{ text, explicit, down: false, conditional, guards, maybe, outside }]
  })
  const script = createScript(texts)
  const order = new Map(sent.map(({ text }, index) => [text, index]))
  /** Where the script goes on behind a text. */
  const behind = (text: EmbeddedText | null): number => {
    const index = text === null ? -1 : (order.get(text) ?? -1)
    return script.parts.find(({ found }) => (order.get(found.text) ?? -1) > index)?.start ?? script.sql.length
  }
  const calls = unread.map(({ node, wide, sql, behind: texts }) => {
    const { from, to } = placeOf(node)
    return { start: from, end: to, wide, sql, at: texts.map((last) => behind(last?.text ?? null)) }
  })
  // A text in a loop is one, however often it is sent.
  const unparsable = new Map<number, CodeScript["unread"][number]>()
  for (const { found: { text } } of script.unparsable) {
    const at = [...(unparsable.get(text.from)?.at ?? []), behind(text)]
    unparsable.set(text.from, { start: text.from, end: text.to, wide: text.holes.length > 0, sql: "", at })
  }
  return { script, unread: [...calls, ...unparsable.values()], sources: sources.all }
}

function toolOf(name: string, settings: string | undefined): Tool {
  const tool = TOOLS[name] ?? PLAIN
  return settings === "snake case" ? { ...tool, nameOf: snakeCase } : tool
}

/** As lodash and Objection write `createdAt`. Where a digit stands they differ. */
function snakeCase(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase()
}

/** The files of SQL that the functions of a migration read, in either direction, as `sqlFile` is asked for them. */
export function askForSqlFiles(program: Node, source: string, tool: string, { sqlFile, module }: Pick<FindFiles, "sqlFile" | "module">): void {
  for (const direction of ["up", "down"] as const) {
    const sources = createSources(program, source, module)
    walk(entriesOf(program, sources.scope, direction), sources, TOOLS[tool] ?? PLAIN, createTargets(), sqlFile)
  }
}
