import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type pg from "pg"
import { activate } from "../../src/engine/select.ts"
import { createSession } from "../../src/engine/session.ts"
import { detectProjects, readUnits } from "../../src/files/detect.ts"
import { nodeFiles } from "../../src/files/node-files.ts"
import type { MigrationFile, Runner } from "../../src/files/types.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"
import { snapshot } from "../../src/schema/index.ts"
import { readSnapshot, snapshotDifferences } from "./server-snapshot.ts"
import type { Server } from "./server.ts"

export interface ProjectComparison {
  readonly framework: string
  readonly files: number
  readonly statements: number
  readonly tables: number
  /** What the server did not take, as `file: error: statement`; pgsafe believes that it ran. */
  readonly refused: readonly string[]
  /** `path: ours | the server's`. */
  readonly differences: readonly string[]
  readonly complete: boolean
}

/**
 * Replays all up migrations of the project in a folder on a server and in pgsafe, and compares the catalogs.
 *
 * @param setup SQL for what the project takes for granted: roles, schemas of a platform. pgsafe does not see it.
 */
export async function compareProject(server: Server, database: string, folder: string, setup = ""): Promise<ProjectComparison> {
  loadGrammar()
  const paths = sqlFiles(folder)
  const projects = detectProjects(nodeFiles(folder), paths)
  const project = [...projects].sort((left, right) => right.files.length - left.files.length)[0]
  if (project === undefined) throw new Error(`there are no migrations in ${folder}`)
  const administrator = await server.connect("postgres")
  await administrator.query(`CREATE DATABASE ${database}`)
  await administrator.end()
  const client = await server.connect(database)
  const session = createSession({ pgVersion: server.major, rules: activate([], {}), runner: project.runner, direction: "up" })
  const refused: string[] = []
  let statements = 0
  let files = 0
  try {
    if (setup !== "") await client.query(setup)
    for (const file of project.files) {
      if (file.role !== "migration" || file.direction === "down") continue
      files += 1
      const sql = readFileSync(join(folder, file.path), "utf8")
      const parsed = parseFile(sql)
      for (const { start, end } of spansOf(project.runner, file, sql, [...parsed.statements.map(({ span }) => span), ...parsed.errors.map(({ statement }) => statement)])) {
        statements += 1
        const error = await attempt(client, sent(project.runner, sql.slice(start, end)))
        if (error !== null) refused.push(`${file.path}: ${error}: ${sql.slice(start, end).replace(/\s+/g, " ").slice(0, 100)}`)
      }
      await client.query("ROLLBACK")
      await client.query("DISCARD ALL")
      session.analyze({ file, sql, parsed, report: false })
    }
    const theirs = await readSnapshot(client, server.major)
    const ours = snapshot(session.catalog)
    return {
      framework: project.framework,
      files,
      statements,
      tables: theirs.tables.length,
      refused,
      differences: snapshotDifferences(ours, theirs),
      complete: ours.tables.every(({ known }) => known),
    }
  } finally {
    await client.end()
  }
}

function sqlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sql"))
    .map((path) => path.replaceAll("\\", "/"))
}

/** Play sends one `;` for two. */
function sent({ framework }: Runner, sql: string): string {
  return framework === "play" ? sql.replaceAll(";;", ";") : sql
}

type Part = { readonly start: number; readonly end: number }

/** The statements of the units that run upwards, in the order of the text. */
function spansOf(runner: Runner, file: MigrationFile, sql: string, spans: readonly Part[]): Part[] {
  const units = readUnits(runner, file, sql).filter(({ direction }) => direction !== "down")
  return spans
    .filter(({ start }) => units.some((unit) => start >= unit.start && start < unit.end))
    .sort((left, right) => left.start - right.start)
}

/** Runs one statement; after an error the transaction goes on as if the statement had not been there. */
async function attempt(client: pg.Client, sql: string): Promise<string | null> {
  try {
    await client.query(sql)
    return null
  } catch (error) {
    await client.query("ROLLBACK")
    return error instanceof Error ? error.message : String(error)
  }
}
