import type { ConstraintDefinition } from "../parse/constraint.ts"

type Key = Extract<ConstraintDefinition, { kind: "unique" | "primary key" | "exclude" }>

const NOTHING_MERGED: ReadonlyMap<ConstraintDefinition, Key | null> = new Map()

/**
 * What becomes of keys over the same columns: the first, a primary key before all others, stays, with the name of the next one
 * when it has none; null for those that become part of it. Keys that stay as they are are not listed.
 */
export function mergeKeys(written: readonly ConstraintDefinition[]): ReadonlyMap<ConstraintDefinition, Key | null> {
  const keys = written.filter((one): one is Key => one.kind === "unique" || one.kind === "primary key" || one.kind === "exclude")
  if (keys.length < 2) return NOTHING_MERGED
  const merged = new Map<ConstraintDefinition, Key | null>()
  const kept: Key[] = []
  for (const key of [...keys.filter(isPrimary), ...keys.filter((one) => !isPrimary(one))]) {
    const first = isPrimary(key) ? undefined : kept.find((other) => sameKey(merged.get(other) ?? other, key))
    if (first === undefined) {
      kept.push(key)
      continue
    }
    merged.set(key, null)
    const current = merged.get(first) ?? first
    if (current.name === null && key.name !== null) merged.set(first, { ...current, name: key.name })
  }
  return merged
}

function isPrimary(key: Key): boolean {
  return key.kind === "primary key"
}

function sameKey(a: Key, b: Key): boolean {
  if (a.kind === "exclude" || b.kind === "exclude") return a.kind === "exclude" && b.kind === "exclude" && sameExclusion(a, b)
  if (a.usingIndex !== null || b.usingIndex !== null) return false
  return (
    list(a.columns) === list(b.columns) &&
    list(a.include) === list(b.include) &&
    a.nullsNotDistinct === b.nullsNotDistinct &&
    a.deferrable === b.deferrable &&
    a.initiallyDeferred === b.initiallyDeferred
  )
}

function sameExclusion(a: Extract<Key, { kind: "exclude" }>, b: typeof a): boolean {
  const same = (element: (typeof a)["elements"][number], position: number): boolean =>
    element.column !== null && element.column.name === b.elements[position]?.column?.name && element.operator === b.elements[position]?.operator
  return (
    a.method === b.method &&
    a.elements.length === b.elements.length &&
    a.elements.every(same) &&
    a.predicate === null &&
    b.predicate === null &&
    a.deferrable === b.deferrable &&
    a.initiallyDeferred === b.initiallyDeferred
  )
}

function list(columns: readonly { readonly name: string }[]): string {
  return columns.map(({ name }) => name).join("\n")
}
