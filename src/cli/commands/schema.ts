import { resolve } from "node:path"
import { loadConfig } from "../../config/load.ts"
import { activate } from "../../engine/select.ts"
import { dumpErrors } from "../../engine/dump-errors.ts"
import { createSession, type Session } from "../../engine/session.ts"
import { PG_VERSIONS } from "../../engine/versions.ts"
import { detectProjects } from "../../files/detect.ts"
import { discover } from "../../files/discover.ts"
import { dumpOf } from "../../files/dumps.ts"
import { nearby } from "../../files/nearby.ts"
import { nodeFiles } from "../../files/node-files.ts"
import { isReadInPart } from "../../files/sequence.ts"
import { statedMajor } from "../../files/stated-major.ts"
import type { MigrationFile, Project, Runner } from "../../files/types.ts"
import { setGrammarModule } from "../../parse/grammar/index.ts"
import type { Origin } from "../../schema/catalog.ts"
import { printSql } from "../../schema/print.ts"
import { quoteIdent, snapshot } from "../../schema/index.ts"
import { visiblePath } from "../../report/text.ts"
import { createLineMap, type LineMap } from "../../source/text.ts"
import { frameworkId } from "../framework-id.ts"
import { dumpReader } from "../dump-file.ts"
import { compileGrammar } from "../grammar.ts"
import type { Hosted } from "../hosted.ts"
import { stderr, stdout } from "../output.ts"
import { readMigrations, withoutIncluded } from "../migrations.ts"
import { describePath } from "../session-start.ts"
import { EXIT, UsageError } from "../usage.ts"

export interface SchemaFlags {
  readonly at?: string
  readonly json?: boolean
  readonly pgVersion?: number
  readonly schema?: string
  readonly searchPath?: readonly string[]
  readonly framework?: string
  readonly config?: string
}

/** `pgsafe schema`: what the migrations have built, or a dump and the migrations that are named, as pgsafe understands it. Gives the exit code. */
export async function schemaCommand(paths: readonly string[], flags: SchemaFlags): Promise<number> {
  const cwd = process.cwd()
  const { config, folder } = await loadConfig(cwd, flags.config)
  const said = flags.pgVersion ?? config.pgVersion
  const dump = flags.schema ?? (config.schema === undefined ? undefined : nearby(resolve(folder, config.schema), cwd) || ".")
  const asked = paths.length === 0 && flags.at !== undefined ? [flags.at] : paths
  // A dump stands for all migrations that are not named.
  if (dump !== undefined && asked.length === 0) return printSchema(null, dump, flags, said ?? PG_VERSIONS.default)
  const found = await discover(asked, { cwd, ignore: config.ignore ?? [], ignoreFrom: folder })
  const pgVersion = said ?? statedMajor(found.files, cwd, PG_VERSIONS) ?? PG_VERSIONS.default
  const [problem] = found.errors
  if (problem !== undefined) throw new UsageError(`${problem.file}: ${problem.message}`)
  const disk = nodeFiles(cwd)
  const framework = flags.framework === undefined ? config.framework : frameworkId(flags.framework)
  const searchPath = flags.searchPath ?? config.searchPath
  const projects = detectProjects(disk, [...found.files, ...found.code], {
    history: dump === undefined,
    ...(framework !== undefined && { framework }),
    ...(config.transaction !== undefined && { transaction: config.transaction }),
    ...(searchPath !== undefined && { searchPath }),
  })
  const chosen = flags.at === undefined ? projects : projects.filter(({ files }) => files.some((file) => isAt(file, flags.at)))
  if (chosen.length === 0) throw new UsageError(flags.at === undefined ? "no migrations found; name their folder" : notAmong(projects, flags.at))
  const several = chosen.length > 1
  if (several && flags.json === true) throw new UsageError(`there are several projects, in ${chosen.map((project) => whereOf(project, cwd)).join(", ")}; name one of these folders, or a migration with --at`)
  let code: number = EXIT.clean
  for (const [index, project] of chosen.entries()) {
    if (several) stdout.write(`${index === 0 ? "" : "\n"}-- ${whereOf(project, cwd)}${project.framework === "plain" ? "" : `: ${project.runner.name}`}\n\n`)
    const beside = dump === undefined && isReadInPart(project) ? dumpOf(project.files.map((file) => ({ file, report: true })), project, disk)?.path : undefined
    code = Math.max(code, await printSchema(beside === undefined ? project : null, dump ?? beside, flags, pgVersion))
  }
  return code
}

function whereOf({ root }: Project, cwd: string): string {
  return visiblePath(nearby(root, cwd) || ".")
}

/**
 * Gives the exit code.
 *
 * @param project null: the dump alone says it all
 */
async function printSchema(project: Project | null, dump: string | undefined, { at, json }: SchemaFlags, pgVersion: number): Promise<number> {
  const session = createSession({ pgVersion, rules: activate([], {}), runner: project?.runner ?? null, direction: "up" })
  const lines = new Map<string, LineMap>()
  if (dump !== undefined) await load(session, dump, pgVersion, lines)
  let unread = 0
  if (project !== null) {
    const last = at === undefined ? project.files.length - 1 : project.files.findIndex((file) => isAt(file, at))
    unread = await replay(session, project, last, lines)
  }
  const code = unread > 0 ? EXIT.failure : EXIT.clean
  if (json === true) {
    stdout.write(`${JSON.stringify(snapshot(session.catalog), null, 2)}\n`)
    return code
  }
  const place = ({ file, span }: Origin): string => {
    const line = lines.get(file)?.position(span.start).line
    const name = file.slice(file.lastIndexOf("/") + 1)
    return line === undefined ? name : `${/^(?:up|down|migration)\.sql$/.test(name) ? file : name}:${String(line)}`
  }
  stdout.write(`${beginning(project?.runner)}${printSql(session.catalog, place)}`)
  return code
}

/** How the tool's sessions begin, as comments. */
function beginning(runner: Runner | undefined): string {
  const { session } = runner ?? {}
  if (runner === undefined || session === undefined) return ""
  const path = session.searchPath === null ? [] : [`-- every session begins with ${describePath(session)}\n`]
  return [...path, ...session.makes.map((schema) => `-- schema ${quoteIdent(schema)}: ${runner.name} makes it where it is missing -- ${session.evidence}\n`), "\n"].join("")
}

/** @throws {UsageError} when nothing of the dump can be read. */
async function load(session: Session, path: string, pgVersion: number, lines: Map<string, LineMap>): Promise<void> {
  setGrammarModule(compileGrammar)
  const readDump = await dumpReader([path])
  const read = readDump({ path })
  if ("error" in read) throw new UsageError(`${path}: cannot start from the dump: ${read.error.message}`)
  session.load(read)
  lines.set(path, read.hosted === null ? createLineMap(read.sql) : hostedLines(read.hosted))
  if (read.hosted === null) for (const { line, column, message } of dumpErrors(path, read.sql, read.parsed, pgVersion)) {
    stderr.write(`pgsafe: ${path}:${String(line ?? 1)}:${String(column ?? 1)}: ${message}\n`)
  }
}

/** Gives the number of migrations that could not be read. */
async function replay(session: Session, project: Project, last: number, lines: Map<string, LineMap>): Promise<number> {
  let unread = 0
  const files = nodeFiles(process.cwd())
  const steps = project.files.slice(0, last + 1).map((file) => ({ file, project, report: true }))
  for await (const migration of readMigrations(await withoutIncluded(steps, files), { direction: "up", tasks: new Map(), files })) {
    if ("error" in migration) {
      unread += 1
      session.skip(migration.names)
      stderr.write(`pgsafe: ${migration.error.file}: ${migration.error.message}\n`)
      continue
    }
    const { step, input, hosted } = migration
    const { path } = step.file
    lines.set(path, hosted === null ? createLineMap(input.sql) : hostedLines(hosted))
    const { errors } = session.analyze({ ...input, file: step.file, report: false })
    for (const { message, span } of errors) {
      if (hosted?.isGuessed(span) === true) continue
      const { line, column } = lines.get(path)?.position(span.start) ?? { line: 1, column: 1 }
      stderr.write(`pgsafe: ${hosted?.place(span)?.file ?? path}:${String(line)}:${String(column)}: ${message}; this statement is passed over, and what it makes is not known\n`)
    }
  }
  return unread
}

/** Lines as they are in the files that the SQL was put together from. */
function hostedLines(hosted: Hosted): LineMap {
  const inner = createLineMap(hosted.sql)
  return {
    ...inner,
    position: (offset) => {
      const place = hosted.place({ start: offset, end: offset })
      return place === null ? { line: 1, column: 1 } : createLineMap(hosted.textOf(place.file)).position(place.span.start)
    },
  }
}

/** Says so, and which migration was probably meant: one whose path ends with what was given. */
function notAmong(projects: readonly Project[], at: string): string {
  const near = projects.flatMap(({ files }) => files.map(({ path }) => path)).find((path) => path.endsWith(`/${at}`))
  return `${at} is none of the migrations${near === undefined ? "" : ` (did you mean "${near}"?)`}`
}

function isAt({ path }: MigrationFile, at: string | undefined): boolean {
  return at !== undefined && resolve(path) === resolve(at)
}
