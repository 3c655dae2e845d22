/** Preconditions: when a changeset runs at all. Source: liquibase.precondition.core of Liquibase 4.28. */
import type { Guard } from "../../../embedded/index.ts"
import { attributeOf, isForPostgres, textOf, type ChangelogNode } from "../../../files/changelog/nodes.ts"

/** Null for what never runs on PostgreSQL. */
export type Verdict = {
  readonly guards: readonly Guard[]
  /** It may be passed over whatever the answers are. */
  readonly maybe: boolean
} | null

const ALWAYS: Verdict = { guards: [], maybe: false }
const PERHAPS: Verdict = { guards: [], maybe: true }

export function verdictOf(changeSet: ChangelogNode): Verdict {
  return both(changeSet.children.filter(({ name }) => name === "preConditions").map(ofConditions))
}

function ofConditions(node: ChangelogNode): Verdict {
  const onFail = attributeOf(node, "onFail")?.toUpperCase() ?? "HALT"
  const verdict = all(node.children)
  // A changeset that is passed over and one that stops the update are alike to those behind it, but only the former is meant to happen.
  if (onFail === "WARN" || (onFail === "HALT" && verdict !== null)) return ALWAYS
  return verdict
}

/** All conditions are met. */
function all(conditions: readonly ChangelogNode[]): Verdict {
  return both(conditions.filter(isCondition).map((condition) => of(condition, true)))
}

/** `onFail` and its kin are no conditions. */
function isCondition({ name }: ChangelogNode): boolean {
  return !/^on[A-Z]/.test(name)
}

/** A condition is met, or is not. */
function of(condition: ChangelogNode, wanted: boolean): Verdict {
  const { name, children } = condition
  switch (name) {
    case "and":
      return wanted ? all(children) : either(children.filter(isCondition).map((one) => of(one, false)))
    case "or":
      return wanted ? either(children.filter(isCondition).map((one) => of(one, true))) : both(children.filter(isCondition).map((one) => of(one, false)))
    case "not":
      // None of its conditions is met. Source: NotPrecondition.java.
      return wanted ? both(children.filter(isCondition).map((one) => of(one, false))) : either(children.filter(isCondition).map((one) => of(one, true)))
    case "dbms":
      return isForPostgres(attributeOf(condition, "type")) === wanted ? ALWAYS : null
    case "tableExists":
    case "viewExists":
      return guard(condition, name === "tableExists" ? "tableName" : "viewName", null, wanted)
    case "columnExists":
      return guard(condition, "tableName", attributeOf(condition, "columnName") ?? null, wanted)
    default:
      return PERHAPS
  }
}

function guard(condition: ChangelogNode, name: string, column: string | null, answer: boolean): Verdict {
  const [relation, schema] = [attributeOf(condition, name), attributeOf(condition, "schemaName")]
  const nodes = [name, "schemaName", "columnName"].map((one) => condition.children.find((child) => child.name === one))
  if (relation === undefined || nodes.some((node) => node !== undefined && textOf(node).includes("${"))) return PERHAPS
  // It looks for names in either case.
  const question = { relation: { schema: schema?.toLowerCase() ?? null, name: folded(relation) }, column: column === null ? null : folded(column) }
  return { guards: [{ question, answer }], maybe: false }
}

function folded(name: string): string {
  return /\p{Ll}/u.test(name) && /\p{Lu}/u.test(name) ? name : name.toLowerCase()
}

function both(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(null)) return null
  const known = verdicts.flatMap((verdict) => verdict ?? [])
  return { guards: known.flatMap(({ guards }) => guards), maybe: known.some(({ maybe }) => maybe) }
}

/** One of several is enough, and nobody asks which. */
function either(verdicts: readonly Verdict[]): Verdict {
  const known = verdicts.flatMap((verdict) => verdict ?? [])
  const [only] = known
  if (known.length === 0 && verdicts.length > 0) return null
  if (known.some(({ guards, maybe }) => guards.length === 0 && !maybe)) return ALWAYS
  return known.length === 1 && only !== undefined ? only : PERHAPS
}
