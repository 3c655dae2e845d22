/** What a run of `pgsafe lint` says on standard error about what it reads, and what it does not. */
import { relative } from "node:path"
import { frameworks } from "../files/frameworks/index.ts"
import { absolute, isOfMigrations, parent } from "../files/paths.ts"
import { isLoose, runsIn } from "../files/sequence.ts"
import type { Project, Role } from "../files/types.ts"
import { visiblePath } from "../report/text.ts"
import { stderr } from "./output.ts"
import type { Task } from "./parse-task.ts"
import type { Unread } from "./run.ts"
import { describePath } from "./session-start.ts"

/** Says which files are none that could be linted. */
export function tellOthers(others: readonly string[]): void {
  const why = others.length === 1 ? "its name says that it holds" : "their names say that they hold"
  if (others.length > 0) stderr.write(`pgsafe: not linted, because ${why} no SQL: ${listed(others, "files")}\n`)
}

/** The first of many paths, and how many more there are: a monorepo may have dozens of folders. */
export function listed(paths: readonly string[], noun: string): string {
  const shown = paths.length > MOST_LISTED ? paths.slice(0, MOST_LISTED - 1) : paths
  const rest = paths.length - shown.length
  return shown.map(visiblePath).join(", ") + (rest > 0 ? ` and ${String(rest)} more ${noun}` : "")
}

const MOST_LISTED = 6

/** Which tool runs what, what told, and which files are not linted because of what they are, for `--verbose`. */
export function describeProjects(projects: readonly Project[], tasks: readonly Task[]): void {
  for (const { root, runner, evidence, files } of projects) {
    const where = relative(process.cwd(), root).replaceAll("\\", "/") || "."
    const tool = runner.framework === "plain" ? "" : `${runner.name}, recognized by ${evidence}; `
    stderr.write(`pgsafe: ${where}: ${tool}${runner.why}\n`)
    if (runner.session !== undefined && runner.session.searchPath !== null) stderr.write(`pgsafe: ${where}: sessions begin with ${describePath(runner.session)}\n`)
    if (runner.lockTimeout !== undefined) stderr.write(`pgsafe: ${where}: sessions have a lock_timeout -- ${runner.lockTimeout}\n`)
    for (const { path, role } of files) if (role !== "migration") stderr.write(`pgsafe: ${path}: not linted, ${ROLES[role]}\n`)
  }
  const members = new Set(projects.flatMap(({ files }) => files.map(({ path }) => path)))
  for (const { path } of tasks) if (!members.has(path)) stderr.write(`pgsafe: ${path}: not linted, it is no migration of a tool that pgsafe knows\n`)
}

/** @param statements how many none of the assumed major would run */
export function hintAtVersion(statements: number, assumed: number): string {
  const what = statements === 1 ? "1 statement needs" : `${String(statements)} statements need`
  return `pgsafe: ${what} another PostgreSQL than ${String(assumed)}, which is assumed; --pg-version, or pgVersion in the configuration, tells the one that you have\n`
}

/** What the run could not read, so that silence is not taken for safety. */
export function describeUnread({ calls, builders, includes, queries, silent }: Unread): void {
  if (queries.length > 0) stderr.write(`pgsafe: not linted, because an application runs ${queries.length === 1 ? "its" : "their"} statements by name: ${listed(queries, "files")}\n`)
  if (silent.length > 0) stderr.write(`pgsafe: no SQL was found in code of no migration tool that pgsafe knows: ${listed(silent, "files")}\n`)
  if (calls > 0) stderr.write(`pgsafe: ${calls === 1 ? "1 call" : `${String(calls)} calls`} in code could not be read without running it\n`)
  for (const [tool, count] of builders) {
    const { readsBuilder, toLint } = frameworks.find(({ name }) => name === tool)?.code ?? {}
    const why = readsBuilder === true ? "could not be read without running it" : "passed over; only raw SQL is read"
    const instead = toLint === undefined ? "" : `; to lint them: ${toLint}`
    stderr.write(`pgsafe: ${count === 1 ? "1 call" : `${String(count)} calls`} of the schema builder of ${tool} ${why}${instead}\n`)
  }
  for (const words of includes) stderr.write(`pgsafe: ${words}\n`)
}

/**
 * Somebody may have forgotten to list a migration, and a text may be taken for what it is not.
 *
 * @param named what the command line names
 * @returns of how many files it was said why they are not linted
 */
export function tellLeftOut(projects: readonly Project[], tasks: readonly Task[], named: readonly string[]): number {
  const unknown = withoutTool(projects, tasks, named)
  if (unknown.length > 0) stderr.write(`pgsafe: not linted, because ${unknown.length === 1 ? "it is" : "they are"} code of no migration tool that pgsafe knows: ${listed(unknown, "files")}\n`)
  const requested = projects.flatMap(({ files }) => files.filter((file) => file.requested))
  const of = (wanted: Role): string[] => requested.flatMap(({ path, role }) => (role === wanted ? [path] : []))
  const [unlisted, foreign, dialect] = [of("unlisted"), of("foreign"), of("dialect")]
  for (const path of unlisted) stderr.write(`pgsafe: ${path}: not linted, ${ROLES.unlisted}\n`)
  if (foreign.length > 0) stderr.write(`pgsafe: not linted, because ${foreign.length === 1 ? "it is" : "they are"} for another database: ${listed(foreign, "files")}\n`)
  if (dialect.length > 0) stderr.write(`pgsafe: not linted, because it is the SQL of another database: ${listed(dialect, "files")}\n`)
  return unknown.length + unlisted.length + foreign.length + dialect.length
}

/** Says why a run that was given files has linted none of them, where nothing else has said it. */
export function tellNothingLinted(projects: readonly Project[], direction: "up" | "down" | "both", isToldAll: boolean): void {
  const migrations = projects.flatMap(({ files }) => files.filter(({ requested, role }) => requested && role === "migration"))
  const [kind, other] = direction === "down" ? ["a down", "up"] : ["an up", "down"]
  if (migrations.some((file) => !runsIn(file, direction))) stderr.write(`pgsafe: none of these files is ${kind} migration; --direction ${other} lints them\n`)
  else if (!isToldAll) stderr.write("pgsafe: none of these files is a migration that pgsafe lints; --verbose says why\n")
}

/** Code that no tool runs: what was named, and what lies where migrations do, but not beside those that a known tool runs. */
function withoutTool(projects: readonly Project[], tasks: readonly Task[], named: readonly string[]): readonly string[] {
  const members = new Set(projects.flatMap(({ files }) => files.map(({ path }) => path)))
  const folders = new Set(projects.flatMap(({ framework, files }) => (isLoose(framework) ? [] : files.map(({ path }) => parent(path)))))
  const cwd = process.cwd().replaceAll("\\", "/")
  const isMeant = (path: string): boolean => named.includes(path) || (!folders.has(parent(path)) && isOfMigrations(parent(absolute(path, cwd))))
  return tasks.flatMap(({ path }) => (!members.has(path) && isMeant(path) ? [path] : []))
}

const ROLES: Readonly<Record<Exclude<Role, "migration">, string>> = {
  dump: "it is a dump of a schema",
  verify: "it only checks what a migration did",
  shared: "other files include it",
  foreign: "it is for another database",
  dialect: "its SQL is that of another database",
  unlisted: "the list that the tool keeps of its migrations does not have it, so that it does not run",
  unread: "its language is not read",
  aside: "it does not run when migrations do",
}
