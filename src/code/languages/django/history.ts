/**
 * The models as they are before a migration: those that all migrations leave that Django would run before it in an empty database, in
 * whichever apps these are (`migration_plan` of django/db/migrations/executor.py).
 */
import type { PythonModules } from "../python/modules.ts"
import { baseIn } from "./classes.ts"
import { migrationOf, run, type MigrationName } from "./migration.ts"
import { builtIn, type State } from "./state.ts"

/** The apps of a project, as far as their migrations are in sight. */
export interface DjangoProject extends PythonModules {
  /** What `AUTH_USER_MODEL` names, in lower case; null where nobody knows. */
  readonly userModel: string | null
  /** The labels of all apps that have migrations. */
  readonly apps: readonly string[]
  /** The label of the app whose migration this is. */
  labelOf(path: string): string
  /** The migrations of an app, sorted by name. */
  migrations(app: string): readonly { readonly name: string; readonly source: string }[]
}

interface Known {
  readonly apps: Map<string, KnownApp>
  /** All migrations in the order in which Django would run them. */
  readonly plan: readonly MigrationName[]
  /** Where a migration stands in it. */
  readonly positions: ReadonlyMap<string, number>
  /** The models before each migration of the plan, as far as anybody has asked. */
  readonly states: State[]
}

interface KnownApp {
  readonly names: readonly string[]
  readonly sources: ReadonlyMap<string, string>
  /** Squashed migrations. */
  readonly replacing: readonly { readonly name: string; readonly replaces: readonly MigrationName[] }[]
}

const known = new WeakMap<DjangoProject, Known>()

/** The models before a migration of a project. */
export function stateBefore(project: DjangoProject, own: MigrationName): State {
  const memory = known.get(project) ?? planned(project)
  known.set(project, memory)
  const { plan, states } = memory
  const position = positionOf(project, memory, own)
  while (states.length <= position) {
    const state = new Map(states.at(-1) ?? builtIn())
    const ran = plan[states.length - 1]
    if (ran !== undefined) replay(project, memory, ran, state)
    states.push(state)
  }
  return new Map(states[position])
}

/** Whether Django runs a migration before one of its app whose name comes first: in the order of their names, the database looks otherwise. */
export function runsBeforeItsName(project: DjangoProject, own: MigrationName): boolean {
  const memory = known.get(project) ?? planned(project)
  known.set(project, memory)
  const position = memory.positions.get(keyOf(own))
  return position !== undefined && appOf(project, memory.apps, own.app).names.some((name) => name < own.name && (memory.positions.get(keyOf({ app: own.app, name })) ?? -1) > position)
}

/** What is not in the plan, such as a squashed migration whose parts are there, comes after what it names. */
function positionOf(project: DjangoProject, { apps, positions }: Known, own: MigrationName): number {
  const known = positions.get(keyOf(own))
  if (known !== undefined) return known
  return Math.max(0, ...beforeOf(project, apps, own).map((one) => (positions.get(keyOf(one)) ?? -1) + 1))
}

function replay(project: DjangoProject, { apps }: Known, { app, name }: MigrationName, state: State): void {
  const { userModel } = project
  const source = apps.get(app)?.sources.get(name)
  if (source === undefined) return
  const { python, version, operations } = migrationOf(source, userModel)
  run({ python, app, userModel, baseOf: baseIn(project), state, deferred: [], version, unread: () => undefined }, operations)
}

/** Each migration behind all that it comes after. */
function planned(project: DjangoProject): Known {
  const apps = new Map<string, KnownApp>()
  const positions = new Map<string, number>()
  const plan: MigrationName[] = []
  const visited = new Set<string>()
  const visit = (one: MigrationName): void => {
    const key = keyOf(one)
    if (visited.has(key)) return
    visited.add(key)
    for (const other of beforeOf(project, apps, one)) visit(other)
    positions.set(key, plan.length)
    plan.push(one)
  }
  for (const app of [...project.apps].sort()) {
    for (const name of appOf(project, apps, app).names) for (const one of resolved(project, apps, { app, name })) visit(one)
  }
  return { apps, plan, positions, states: [] }
}

function keyOf({ app, name }: MigrationName): string {
  return `${app}\0${name}`
}

/** The migrations that one names. */
function beforeOf(project: DjangoProject, apps: Map<string, KnownApp>, own: MigrationName): readonly MigrationName[] {
  const { names, sources } = appOf(project, apps, own.app)
  const source = sources.get(own.name)
  if (source === undefined) return []
  const { dependencies } = migrationOf(source, project.userModel)
  // Where it does not tell, it comes after the one in front of it.
  const last = names.filter((name) => name < own.name).at(-1)
  const before = dependencies ?? (last === undefined ? [] : [{ app: own.app, name: last }])
  return before.flatMap((one) => resolved(project, apps, one))
}

function appOf(project: DjangoProject, apps: Map<string, KnownApp>, label: string): KnownApp {
  const found = apps.get(label)
  if (found !== undefined) return found
  const all = project.migrations(label)
  const replacing = all.flatMap(({ name, source }) => {
    const replaces = source.includes("replaces") ? migrationOf(source, null).replaces : []
    return replaces.length === 0 ? [] : [{ name, replaces }]
  })
  const made = { names: all.map(({ name }) => name), sources: new Map(all.map(({ name, source }) => [name, source])), replacing }
  apps.set(label, made)
  return made
}

/** The migrations that a name stands for: what is squashed stands for its parts, as long as these are there, and for them when they are gone. */
function resolved(project: DjangoProject, apps: Map<string, KnownApp>, { app, name }: MigrationName): readonly MigrationName[] {
  const { names, sources, replacing } = appOf(project, apps, app)
  const isThere = (part: MigrationName): boolean => appOf(project, apps, part.app).sources.has(part.name)
  if (name === "__first__") {
    const first = names.find((one) => !replacing.some((squashed) => squashed.name === one && squashed.replaces.some(isThere)))
    return first === undefined ? [] : [{ app, name: first }]
  }
  const last = names.at(-1)
  if (name === "__latest__") return last === undefined ? [] : [{ app, name: last }]
  const parts = replacing.find((one) => one.name === name)?.replaces.filter(isThere) ?? []
  if (parts.length > 0) return parts
  if (sources.has(name)) return [{ app, name }]
  return replacing.flatMap((one) => (one.replaces.some((part) => part.app === app && part.name === name) ? [{ app, name: one.name }] : [])).slice(-1)
}
