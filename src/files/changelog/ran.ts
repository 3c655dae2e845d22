/** What of a changelog has run before it was changed. */
import type { ProjectFiles } from "../types.ts"
import { textOf, type ChangelogNode } from "./nodes.ts"
import { changelogNode, changeSetsOf } from "./tree.ts"

/**
 * Tells the changesets that an earlier version of a changelog has as well, however they are written: Liquibase runs each of them once, and
 * changelogs grow at their end.
 */
export function ranBefore(path: string, before: string, formats: ProjectFiles["formats"]): (changeSet: ChangelogNode) => boolean {
  const changelog = changelogNode(path, before, formats)
  const known = new Set(changelog === null ? [] : changeSetsOf(changelog).map(meaning))
  return (changeSet) => known.has(meaning(changeSet))
}

function meaning(node: ChangelogNode): string {
  return JSON.stringify([node.name, textOf(node).replace(/\s+/g, " ").trim(), node.children.map(meaning)])
}
