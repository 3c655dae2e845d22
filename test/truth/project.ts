import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type pg from "pg"
import { runProgram, statementsOf } from "./program.ts"
import { activate } from "../../src/engine/select.ts"
import { createSession } from "../../src/engine/session.ts"
import { detectProjects, readUnits } from "../../src/files/detect.ts"
import { nodeFiles } from "../../src/files/node-files.ts"
import type { MigrationFile, Project, Runner } from "../../src/files/types.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile, type ParsedFile } from "../../src/parse/index.ts"
import { snapshot } from "../../src/schema/index.ts"
import { readSnapshot, snapshotDifferences } from "./server-snapshot.ts"
import type { Server } from "./server.ts"
import type { Workbench } from "./workbench.ts"

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
  const project = largestProject(folder)
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
    for (const file of migrationsOf(project)) {
      files += 1
      const sql = readFileSync(join(folder, file.path), "utf8")
      const parsed = parseFile(sql)
      for (const statement of textsOf(project.runner, file, sql, parsed)) {
        statements += 1
        const error = await attempt(client, statement)
        if (error !== null) refused.push(`${file.path}: ${error}: ${inShort(statement)}`)
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

export interface EffectsComparison {
  readonly statements: number
  readonly refused: number
  /** `statement: what differs`. */
  readonly differences: readonly string[]
}

/** Runs all up migrations of the project in a folder on a server, and compares with pgsafe's effects statement by statement. */
export async function compareEffects(bench: Workbench, folder: string, setup = ""): Promise<EffectsComparison> {
  loadGrammar()
  const project = largestProject(folder)
  const program = migrationsOf(project).flatMap((file) => {
    const sql = readFileSync(join(folder, file.path), "utf8")
    // Each statement is observed in a transaction of its own.
    return [...textsOf(project.runner, file, sql, parseFile(sql)).filter((text) => !TRANSACTION.test(text)), "DISCARD ALL"]
  })
  const differences: string[] = []
  const { statements, refused } = await runProgram(bench, statementsOf(program), {
    setup,
    report: (sql, lines) => { differences.push(...lines.map((line) => `${inShort(sql)}: ${line}`)) },
  })
  return { statements, refused, differences }
}

const TRANSACTION = /^(?:begin|commit|rollback|start|end|savepoint|release|abort)\b/i

function largestProject(folder: string): Project {
  const projects = detectProjects(nodeFiles(folder), sqlFiles(folder))
  const project = [...projects].sort((left, right) => right.files.length - left.files.length)[0]
  if (project === undefined) throw new Error(`there are no migrations in ${folder}`)
  return project
}

function migrationsOf({ files }: Project): readonly MigrationFile[] {
  return files.filter(({ role, direction }) => role === "migration" && direction !== "down")
}

function inShort(sql: string): string {
  return sql.replace(/\s+/g, " ").slice(0, 100)
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

/** The statements of the units that run upwards, as they are sent, in the order of the text. */
function textsOf(runner: Runner, file: MigrationFile, sql: string, { statements, errors }: ParsedFile): string[] {
  const units = readUnits(runner, file, sql).filter(({ direction }) => direction !== "down")
  return [...statements.map(({ span }) => span), ...errors.map(({ statement }) => statement)]
    .filter(({ start }) => units.some((unit) => start >= unit.start && start < unit.end))
    .sort((left, right) => left.start - right.start)
    .map(({ start, end }) => sent(runner, sql.slice(start, end)))
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
