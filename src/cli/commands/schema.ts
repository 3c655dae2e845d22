import { resolve } from "node:path"
import { loadConfig } from "../../config/load.ts"
import { activate } from "../../engine/select.ts"
import { createSession, type Session } from "../../engine/session.ts"
import { PG_VERSIONS } from "../../engine/versions.ts"
import { detectProjects } from "../../files/detect.ts"
import { discover } from "../../files/discover.ts"
import { nodeFiles } from "../../files/node-files.ts"
import type { MigrationFile, Project } from "../../files/types.ts"
import type { Origin } from "../../schema/catalog.ts"
import { printSql } from "../../schema/print.ts"
import { snapshot } from "../../schema/index.ts"
import { createLineMap, type LineMap } from "../../source/text.ts"
import type { Hosted } from "../hosted.ts"
import { stderr, stdout } from "../output.ts"
import { readMigrations, withoutIncluded } from "../migrations.ts"
import { UsageError } from "../usage.ts"

export interface SchemaFlags {
  readonly at?: string
  readonly json?: boolean
  readonly pgVersion?: number
}

/** `pgsafe schema`: what the migrations have built, as pgsafe understands it. */
export async function schemaCommand(paths: readonly string[], flags: SchemaFlags): Promise<void> {
  const cwd = process.cwd()
  const { config, folder } = await loadConfig(cwd, undefined)
  const asked = paths.length === 0 && flags.at !== undefined ? [flags.at] : paths
  const found = await discover(asked, { cwd, ignore: config.ignore ?? [], ignoreFrom: folder })
  const [problem] = found.errors
  if (problem !== undefined) throw new UsageError(`${problem.file}: ${problem.message}`)
  const projects = detectProjects(nodeFiles(cwd), [...found.files, ...found.code], {
    history: true,
    ...(config.framework !== undefined && { framework: config.framework }),
    ...(config.transaction !== undefined && { transaction: config.transaction }),
  })
  const chosen = flags.at === undefined ? projects : projects.filter(({ files }) => files.some((file) => isAt(file, flags.at)))
  if (chosen.length === 0) throw new UsageError(flags.at === undefined ? "no migrations found; name their folder" : notAmong(projects, flags.at))
  for (const project of chosen) await printProject(project, flags, flags.pgVersion ?? config.pgVersion ?? PG_VERSIONS.default)
}

async function printProject(project: Project, { at, json }: SchemaFlags, pgVersion: number): Promise<void> {
  const last = at === undefined ? project.files.length - 1 : project.files.findIndex((file) => isAt(file, at))
  const session = createSession({ pgVersion, rules: activate([], {}), runner: project.runner, direction: "up" })
  const lines = new Map<string, LineMap>()
  await replay(session, project, last, lines)
  if (json === true) {
    stdout.write(`${JSON.stringify(snapshot(session.catalog), null, 2)}\n`)
    return
  }
  const place = ({ file, span }: Origin): string => {
    const line = lines.get(file)?.position(span.start).line
    const name = file.slice(file.lastIndexOf("/") + 1)
    return line === undefined ? name : `${/^(?:up|down|migration)\.sql$/.test(name) ? file : name}:${String(line)}`
  }
  stdout.write(printSql(session.catalog, place))
}

async function replay(session: Session, project: Project, last: number, lines: Map<string, LineMap>): Promise<void> {
  const files = nodeFiles(process.cwd())
  const steps = project.files.slice(0, last + 1).map((file) => ({ file, project, report: true }))
  for await (const migration of readMigrations(await withoutIncluded(steps, files), { direction: "up", tasks: new Map(), files })) {
    if ("error" in migration) {
      session.skip()
      stderr.write(`pgsafe: ${migration.error.file}: ${migration.error.message}\n`)
      continue
    }
    const { step, input, hosted } = migration
    const { path } = step.file
    lines.set(path, hosted === null ? createLineMap(input.sql) : hostedLines(hosted))
    session.analyze({ ...input, file: step.file, report: false })
  }
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
