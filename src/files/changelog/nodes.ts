/**
 * A changelog of Liquibase as Liquibase sees it, whichever format it is written in: names with values and with other names below them. In XML an
 * attribute is a name with a value; in YAML and JSON a list adds nothing to the names in it.
 */
import type { Span } from "../../source/span.ts"

/** A stretch of a value: what it stands for, and where it is written. */
export interface ValueRun {
  readonly value: string
  readonly from: number
  readonly to: number
  /** `escape`: written otherwise. `hole`: a placeholder for which no value is known. */
  readonly kind: "plain" | "escape" | "hole"
}

export interface ChangelogNode {
  readonly name: string
  /** Its own text, without that of the names below it; nothing for blanks. */
  readonly runs: readonly ValueRun[]
  readonly children: readonly ChangelogNode[]
  /** It is a text without characters, as opposed to none. */
  readonly isEmpty: boolean
  /** Where it is named: the beginning of the start tag, the attribute, the key. */
  readonly span: Span
  /** Where it ends. */
  readonly end: number
  /** Where another value of its own can be put in, and what comes before and behind it there; null for what has no values of its own. */
  readonly insertion: Insertion | null
}

export interface Insertion {
  readonly at: number
  /** The text of one more value. */
  readonly write: (name: string, value: string) => string
}

export function textOf({ runs }: Pick<ChangelogNode, "runs">): string {
  return runs.map(({ value }) => value).join("")
}

/** The first below a node that is called so; undefined for none. */
export function childOf({ children }: ChangelogNode, name: string): ChangelogNode | undefined {
  return children.find((child) => child.name === name)
}

/** The value of an attribute as it is written; undefined where it is not given. */
export function attributeOf(node: ChangelogNode, name: string): string | undefined {
  const found = childOf(node, name)
  return found === undefined ? undefined : textOf(found)
}

/** What is called so below a node, or in the list for it: `columns` holds each `column`, or is the only one. */
export function listOf({ children }: ChangelogNode, name: string): readonly ChangelogNode[] {
  return children.flatMap((child) => {
    if (child.name !== `${name}s`) return child.name === name ? [child] : []
    const listed = child.children.filter((inner) => inner.name === name)
    return listed.length === 0 && child.children.filter((inner) => inner.name === "name").length === 1 ? [child] : listed
  })
}

/** Whether what names databases means PostgreSQL; nothing means all. Source: DatabaseList.java. */
export function isForPostgres(databases: string | undefined): boolean {
  const names = databases?.toLowerCase().split(",").map((name) => name.trim()).filter(Boolean) ?? []
  if (names.length === 0 || names.includes("all") || names.includes("postgresql")) return true
  return !names.includes("none") && !names.includes("!postgresql") && names.some((name) => name.startsWith("!"))
}
