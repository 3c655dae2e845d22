/** Which changelogs include which: the order in which Liquibase runs them, and the properties that hold in all of them. */
import type { KnownFiles } from "../framework.ts"
import { baseName, byName, join, parent } from "../paths.ts"
import type { ProjectFiles } from "../types.ts"
import { whenAll, occasionOf, type Occasion } from "./contexts.ts"
import { isChangelog, mayBeChangelog } from "./detect.ts"
import { attributeOf, isForPostgres, listOf, type ChangelogNode } from "./nodes.ts"
import { xmlNode } from "./xml.ts"
import { yamlNode } from "./yaml.ts"

/** A changelog, and all that it includes. */
export interface ChangelogTree {
  /** The path of the outermost changelog, absolute as all of them. */
  readonly top: string
  /** The files in the order of their first changesets, and when they run. */
  readonly files: ReadonlyMap<string, { readonly position: number; readonly occasion: Occasion }>
  /** Files of SQL that changesets read, with the changelogs that do. */
  readonly read: ReadonlyMap<string, ReadonlySet<string>>
  /** What placeholders stand for. */
  readonly properties: ReadonlyMap<string, string>
}

type Files = Pick<ProjectFiles, "read" | "head" | "list" | "exists" | "formats"> & Pick<KnownFiles, "above">

/** How far above a file the changelog is looked for that includes it. */
const HIGHEST = 8
const MOST_FILES = 20_000

/** What a changelog says; null where it cannot be read. */
export function changelogNode(path: string, text: string, formats: ProjectFiles["formats"]): ChangelogNode | null {
  if (formats === undefined) return null
  const known = kept.get(formats) ?? { nodes: new Map<string, KeptNode>(), size: 0 }
  kept.set(formats, known)
  const old = known.nodes.get(path)
  if (old?.text === text) return old.node
  const read = /\.xml$/i.test(path) ? xmlNode(text, formats().xml) : yamlNode(text, formats().yaml)
  const node = read?.name === "databaseChangeLog" ? read : null
  if (known.size + text.length <= MOST_KEPT) {
    known.nodes.set(path, { text, node })
    known.size += text.length
  }
  return node
}

interface KeptNode {
  readonly text: string
  readonly node: ChangelogNode | null
}

/** A changelog is read for what it includes, and again for what it does. Large ones would take too much memory. In characters. */
const MOST_KEPT = 4_000_000
const kept = new WeakMap<NonNullable<ProjectFiles["formats"]>, { readonly nodes: Map<string, KeptNode>; size: number }>()

const trees = new WeakMap<Files, Map<string, ChangelogTree>>()

/** The tree that a changelog or a file of SQL belongs to; undefined for a file that no changelog near it includes or reads, and that is none itself. */
export function treeWith(files: Files, full: string): ChangelogTree | undefined {
  const folders = files.above(parent(full)).slice(0, HIGHEST).flatMap((folder) => [folder, ...usualBelow(files, folder)])
  const candidates = [...new Set(folders)].flatMap((folder) => changelogsIn(files, folder)).map((path) => treeOf(files, path))
  const holding = candidates.filter((tree) => tree.files.has(full) || tree.read.has(full) || tree.top === full)
  // What another one includes is no top.
  const tops = holding.filter(({ top }) => !holding.some((other) => other.top !== top && other.files.has(top) && !treeOf(files, top).files.has(other.top)))
  return [...(tops.length > 0 ? tops : holding)].sort((a, b) => rank(a.top) - rank(b.top) || b.files.size - a.files.size || byName(a.top, b.top))[0]
}

/** The tree of the nearest changelog that lies at or above a file. */
export function treeAbove(files: Files, full: string): ChangelogTree | undefined {
  const [nearest] = files.above(parent(full)).slice(0, HIGHEST).map((folder) => changelogsIn(files, folder)).filter(({ length }) => length > 0)
  const [path] = [...(nearest ?? [])].sort((a, b) => rank(a) - rank(b) || byName(a, b))
  return path === undefined ? undefined : treeWith(files, path)
}

/** Folders below another one that are called like those of changelogs: `db/changelog`. */
function usualBelow(files: Files, folder: string): readonly string[] {
  const within = (outer: string, name: RegExp): readonly string[] => files.list(outer).flatMap((entry) => (entry.folder && name.test(entry.name) ? [join(outer, entry.name)] : []))
  const usual = /changelog|liquibase/i
  return [...within(folder, usual), ...within(folder, /^(?:db|database|config|resources)$/i).flatMap((outer) => [outer, ...within(outer, usual)])]
}

function changelogsIn(files: Files, folder: string): readonly string[] {
  return files.list(folder).flatMap(({ name, folder: isFolder }) => {
    const path = join(folder, name)
    return !isFolder && mayBeChangelog(path) && isChangelog(path, files.head(path)) ? [path] : []
  })
}

/** Those of tests and of other occasions come last. */
function rank(path: string): number {
  return /test/i.test(baseName(path)) ? 2 : /master|root/i.test(baseName(path)) ? 0 : 1
}

export function treeOf(files: Files, top: string): ChangelogTree {
  const known = trees.get(files) ?? new Map<string, ChangelogTree>()
  trees.set(files, known)
  const tree = known.get(top) ?? grow(files, top)
  known.set(top, tree)
  return tree
}

function grow(files: Files, top: string): ChangelogTree {
  const found = new Map<string, { readonly position: number; readonly occasion: Occasion }>()
  const read = new Map<string, Set<string>>()
  const properties = new Map<string, string>()
  const seen = new Set<string>()
  const add = (path: string, occasion: Occasion): void => {
    if (!found.has(path)) found.set(path, { position: found.size, occasion })
  }
  const follow = (path: string, occasion: Occasion): void => {
    if (seen.has(path) || seen.size > MOST_FILES) return
    seen.add(path)
    if (/\.sql$/i.test(path)) {
      add(path, occasion)
      return
    }
    const children = changelogNode(path, files.read(path) ?? "", files.formats)?.children ?? []
    if (children.every(({ name }) => name !== "changeSet")) add(path, occasion)
    for (const child of children) {
      if (child.name === "property") define(properties, child, "global")
      else if (child.name === "changeSet") {
        add(path, occasion)
        for (const file of filesRead(files, path, child)) read.set(file, (read.get(file) ?? new Set()).add(path))
      } else if (child.name === "include" || child.name === "includeAll") {
        const both = whenAll([occasion, occasionOf(child)])
        for (const file of included(files, path, child, properties)) follow(file, both)
      }
    }
  }
  follow(top, "always")
  return { top, files: found, read, properties }
}

/** Notes what a property stands for; the first value counts. Source: ChangeLogParameters.java. */
export function define(properties: Map<string, string>, node: ChangelogNode, scope: "global" | "local"): void {
  const [name, value] = [attributeOf(node, "name"), attributeOf(node, "value")]
  const isLocal = attributeOf(node, "global") === "false"
  if (name === undefined || value === undefined || isLocal !== (scope === "local") || !isForPostgres(attributeOf(node, "dbms")) || properties.has(name)) return
  properties.set(name, value)
}

/** The files that changes of a changeset read, where no placeholder is in the path. */
export function filesRead(files: Files, changelog: string, changeSet: ChangelogNode): readonly string[] {
  const changes = changeSet.children.flatMap((child) => (child.name === "changes" || child.name === "rollback" ? child.children : [child]))
  return changes.flatMap((change) => {
    const file = FILE_CHANGES.has(change.name) ? attributeOf(change, "path") : undefined
    const found = file === undefined ? undefined : fileOf(files, changelog, file, isRelative(change))
    return found === undefined ? [] : [found]
  })
}

const FILE_CHANGES: ReadonlySet<string> = new Set(["sqlFile", "createView", "createProcedure"])

function isRelative(node: ChangelogNode): boolean {
  return attributeOf(node, "relativeToChangelogFile") === "true"
}

function included(files: Files, changelog: string, node: ChangelogNode, properties: ReadonlyMap<string, string>): readonly string[] {
  const isAll = node.name === "includeAll"
  const given = attributeOf(node, isAll ? "path" : "file")
  if (given === undefined) return []
  const path = given.replace(/\$\{([^{}]+)\}/g, (placeholder, name: string) => properties.get(name) ?? placeholder)
  if (!isAll) return [fileOf(files, changelog, path, isRelative(node))].flatMap((file) => file ?? [])
  for (const folder of foldersFor(files, changelog, isRelative(node))) {
    const full = within(folder, path)
    const inside = filesBelow(files, full)
    if (inside.length > 0) return inside.sort(byName).map((name) => join(full, name))
  }
  return []
}

/** Paths relative to a folder of all files below it that may hold changesets. */
function filesBelow(files: Files, folder: string, depth = 0): string[] {
  return files.list(folder).flatMap(({ name, folder: isFolder }) => {
    if (isFolder) return depth < HIGHEST ? filesBelow(files, join(folder, name), depth + 1).map((inner) => `${name}/${inner}`) : []
    return /\.(?:sql|xml|ya?ml|json)$/i.test(name) ? [name] : []
  })
}

/** A file that a changelog names. Its path is relative to the changelog, or to some folder above it: what is on the class path. */
export function fileOf(files: Files, changelog: string, path: string, isRelativePath: boolean): string | undefined {
  return foldersFor(files, changelog, isRelativePath).map((folder) => within(folder, path)).find((full) => files.exists(full))
}

function foldersFor(files: Files, changelog: string, isRelativePath: boolean): readonly string[] {
  const here = parent(changelog)
  return isRelativePath ? [here] : files.above(here).flatMap((folder) => [folder, join(folder, "src/main/resources")])
}

function within(folder: string, path: string): string {
  const parts = folder.split("/")
  for (const part of path.replace(/^classpath\*?:/, "").replaceAll("\\", "/").split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  return parts.join("/")
}

/** Changesets in their order. */
export function changeSetsOf(changelog: ChangelogNode): readonly ChangelogNode[] {
  return listOf(changelog, "changeSet")
}

/** Whether the changelog as a whole is for other databases: it stops on this one. */
export function isForeign(changelog: ChangelogNode): boolean {
  const conditions = changelog.children.filter(({ name }) => name === "preConditions")
  return conditions.some(({ children }) => children.some((one) => one.name === "dbms" && !isForPostgres(attributeOf(one, "type"))))
}
