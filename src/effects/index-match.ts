import type { Index, ObjectId, Relation } from "../schema/catalog.ts"
import { canServe, type WantedIndex } from "../schema/index-match.ts"
import { storesRows, type Draft } from "./draft.ts"

/** The partition's index that serves as its part of the wanted one. */
export function matchingIndex(draft: Draft, partition: Relation, wanted: WantedIndex, taken?: ReadonlySet<ObjectId>): Index | undefined {
  return draft.catalog
    .indexesOf(partition.id)
    .find((index) => index.parent === null && taken?.has(index.id) !== true && matches(draft, index, wanted))
}

/**
 * The partitions that store rows and need an index built: what has a matching one needs none, and nothing beneath it does.
 * @param found what to do with an index that serves already
 * @param taken indexes that serve another one
 */
export function* withoutIndex(
  draft: Draft,
  partition: Relation,
  wanted: WantedIndex,
  found: (index: Index) => void = () => undefined,
  taken?: ReadonlySet<ObjectId>,
): Generator<Relation> {
  const own = matchingIndex(draft, partition, wanted, taken)
  if (own !== undefined) found(own)
  else if (storesRows(partition)) yield partition
  else for (const child of draft.catalog.children(partition.id)) yield* withoutIndex(draft, child, { ...wanted, sameKind: false, onlyValid: false }, found, taken)
}

/** Whether the index can serve as part of the wanted one. */
export function matches(draft: Draft, index: Index, wanted: WantedIndex): boolean {
  const { catalog } = draft
  const behind = index.constraint === null ? undefined : catalog.constraintById(index.constraint)
  return canServe(index, behind, wanted, catalog.relationById(index.table)?.columns ?? [])
}

/** An index of a table as its partitions have to match it. */
export function wantedFrom(draft: Draft, index: Index): WantedIndex {
  const constraint = index.constraint === null ? undefined : draft.catalog.constraintById(index.constraint)
  return { ...index, constraint: constraint ?? null }
}
