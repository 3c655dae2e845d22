/** The models as they are before a migration: those of all that it comes after, in whichever apps these are. */
import { migrationOf, run, type Migration, type MigrationName } from "./migration.ts"
import { builtIn, type State } from "./state.ts"

/** The apps of a project, as far as their migrations are in sight. */
export interface DjangoProject {
  /** What `AUTH_USER_MODEL` names, in lower case; null where nobody knows. */
  readonly userModel: string | null
  /** The label of the app whose migration this is. */
  labelOf(path: string): string
  /** The migrations of an app, sorted by name. */
  migrations(app: string): readonly { readonly name: string; readonly source: string }[]
}

interface Known {
  readonly parsed: Map<string, Migration | null>
  /** What a migration comes after, by its key. */
  readonly before: Map<string, readonly MigrationName[]>
  readonly apps: Map<string, KnownApp>
  /** The models behind a sequence of migrations, to go on from there. */
  sequence: readonly string[]
  state: State
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
  const memory = known.get(project) ?? { parsed: new Map(), before: new Map(), apps: new Map(), sequence: [], state: builtIn() }
  known.set(project, memory)
  const sequence = sequenceOf(project, memory, own).slice(0, -1)
  const isLonger = memory.sequence.every((key, index) => key === sequence[index])
  if (!isLonger) memory.state = builtIn()
  for (const key of sequence.slice(isLonger ? memory.sequence.length : 0)) replay(project, memory, key)
  memory.sequence = sequence
  return new Map(memory.state)
}

function replay({ userModel }: DjangoProject, { parsed, state }: Known, key: string): void {
  const migration = parsed.get(key)
  if (migration == null) return
  const app = key.slice(0, key.indexOf("\0"))
  run({ python: migration.python, app, userModel, state, deferred: [], version: migration.version, unread: () => undefined }, migration.operations)
}

/** A migration behind all that it comes after. Those of its own app come first, so that a later one goes on where an earlier one ended. */
function sequenceOf(project: DjangoProject, memory: Known, own: MigrationName): readonly string[] {
  const sequence = new Set<string>()
  const visiting = new Set<string>()
  const visit = (one: MigrationName): void => {
    const key = `${one.app}\0${one.name}`
    if (visiting.has(key)) return
    visiting.add(key)
    const before = memory.before.get(key) ?? beforeOf(project, memory, one)
    memory.before.set(key, before)
    for (const other of before) visit(other)
    sequence.add(key)
  }
  visit(own)
  return [...sequence]
}

/** The migrations that one names, those of its own app first. */
function beforeOf(project: DjangoProject, memory: Known, own: MigrationName): readonly MigrationName[] {
  const { names, sources } = appOf(project, memory, own.app)
  const source = sources.get(own.name)
  if (source === undefined) return []
  const migration = migrationOf(source, project.userModel)
  memory.parsed.set(`${own.app}\0${own.name}`, migration)
  // Where it does not tell, it comes after the one in front of it.
  const last = names.filter((name) => name < own.name).at(-1)
  const before = migration.dependencies ?? (last === undefined ? [] : [{ app: own.app, name: last }])
  return [...before.filter(({ app }) => app === own.app), ...before.filter(({ app }) => app !== own.app)].flatMap((one) => resolved(project, memory, one))
}

function appOf(project: DjangoProject, { apps }: Known, label: string): KnownApp {
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
function resolved(project: DjangoProject, memory: Known, { app, name }: MigrationName): readonly MigrationName[] {
  const { names, sources, replacing } = appOf(project, memory, app)
  const isThere = (part: MigrationName): boolean => appOf(project, memory, part.app).sources.has(part.name)
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
