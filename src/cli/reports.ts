/** Findings of the engine on their way to the sink of a run. */
import type { Finding, Severity } from "../engine/finding.ts"
import { toResultFinding, type ResultError, type ResultFinding } from "../engine/result.ts"
import { createContract } from "../engine/uses.ts"
import type { Project } from "../files/types.ts"
import type { Catalog } from "../schema/catalog.ts"
import { createLineMap, type LineMap } from "../source/text.ts"
import { readTask } from "./parse-task.ts"

export interface Reports {
  /** How many were let through. */
  readonly count: Readonly<Record<Severity, number>>
  /** A file of SQL was read as this text: later findings may refer to it. */
  read(path: string, sql: string): void
  /** Findings in a file. The catalog, where there is one, is the one behind that file. */
  add(findings: readonly Finding[], sql: string, catalog: Catalog | null): void
  /** To be called at the end of the run: only then is it known who uses what the migrations remove. */
  end(projects: readonly Project[]): Promise<void>
}

/** Findings of one file that are turned into text together: all of a large file's would take hundreds of megabytes. */
const FINDINGS_AT_ONCE = 5000

/** Who is told of what. */
export interface ReportsSink {
  /** Findings of one file. */
  file(findings: readonly ResultFinding[], sql: string): void
  /** A source of the application that cannot be read. */
  error(error: ResultError): void
}

/** @param app sources of the application, as absolute paths, for the search for uses of what the migrations remove */
export function createReports(app: readonly string[] | undefined, sink: ReportsSink): Reports {
  const count: Record<Severity, number> = { error: 0, warning: 0 }
  const { keep: read, linesOf } = createLinesOf()
  const emit = (findings: readonly Finding[], sql: string): void => {
    if (findings.length === 0) return
    const lines = createLineMap(sql)
    for (const { severity } of findings) count[severity] += 1
    for (let from = 0; from < findings.length; from += FINDINGS_AT_ONCE) {
      const some = findings.slice(from, from + FINDINGS_AT_ONCE)
      sink.file(some.map((finding) => toResultFinding(finding, sql, lines, linesOf)), sql)
    }
  }
  if (app === undefined) return { count, read, add: emit, end: () => Promise.resolve() }
  const contract = createContract()
  // All sources are searched once, for what all findings remove: until then these have to wait.
  const waiting: { readonly findings: readonly Finding[]; readonly sql: string }[] = []
  return {
    count,
    read,
    add(findings, sql, catalog) {
      contract.expect(findings, catalog)
      waiting.push({ findings, sql })
    },
    async end(projects) {
      const { sourcesOf } = await import("./app-sources.ts")
      contract.search(sourcesOf(app, projects.flatMap((one) => one.files).map(({ path }) => path), projects.map(({ root }) => root), (error) => { sink.error(error) }))
      for (const { findings, sql } of waiting) emit(findings.flatMap((finding) => contract.judged(finding) ?? []), sql)
    },
  }
}

/** Gives the lines of files, for places that findings refer to: those that were read, and what earlier runs read and is on disk. */
function createLinesOf(): { readonly linesOf: (path: string) => LineMap | undefined; readonly keep: (path: string, sql: string) => void } {
  const known = new Map<string, LineMap>()
  return {
    keep: (path, sql) => { known.set(path, createLineMap(sql)) },
    linesOf(path) {
      const kept = known.get(path)
      if (kept !== undefined) return kept
      const read = readTask({ path })
      if ("error" in read) return undefined
      const lines = createLineMap(read.text)
      known.set(path, lines)
      return lines
    },
  }
}
