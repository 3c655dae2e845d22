import type { Index, Relation } from "../schema/catalog.ts"
import { storesRows, type Draft } from "./draft.ts"

/** What an index of a partition must look like to be attached instead of building one (CompareIndexInfo). */
export interface WantedIndex {
  readonly columns: readonly (string | null)[]
  readonly unique: boolean
  readonly method?: string
  readonly include?: readonly string[]
  readonly expressions?: readonly string[]
  readonly predicate?: string | null
  readonly nullsNotDistinct?: boolean
  /** The index must stand behind a constraint of this kind. */
  readonly constraint?: "unique" | "primary key" | "exclude" | null
}

/** The partition's index that serves as its part of the wanted one. */
export function matchingIndex(draft: Draft, partition: Relation, wanted: WantedIndex): Index | undefined {
  return draft.catalog
    .indexesOf(partition.id)
    .find((index) => index.valid && index.parent === null && matches(draft, index, wanted))
}

/**
 * The partitions that store rows and need an index built: what has a matching one needs none, and nothing beneath it does.
 * @param found what to do with an index that serves already
 */
export function* withoutIndex(
  draft: Draft,
  partition: Relation,
  wanted: WantedIndex,
  found: (index: Index) => void = () => undefined,
): Generator<Relation> {
  const own = matchingIndex(draft, partition, wanted)
  if (own !== undefined) found(own)
  else if (storesRows(partition)) yield partition
  else for (const child of draft.catalog.children(partition.id)) yield* withoutIndex(draft, child, wanted, found)
}

/** Whether the index can serve as part of the wanted one. */
export function matches(draft: Draft, index: Index, wanted: WantedIndex): boolean {
  const { catalog } = draft
  const behind = index.constraint === null ? undefined : catalog.constraintById(index.constraint)
  return (
    // An exclusion constraint's index never serves as a part of another (CompareIndexInfo).
    behind?.kind !== "exclude" &&
    index.unique === wanted.unique &&
    index.method === (wanted.method ?? "btree") &&
    sameList(index.columns, wanted.columns) &&
    sameList(index.include, wanted.include ?? []) &&
    sameList(index.expressions, wanted.expressions ?? []) &&
    (index.predicate?.text ?? null) === (wanted.predicate ?? null) &&
    index.nullsNotDistinct === (wanted.nullsNotDistinct ?? false) &&
    (wanted.constraint == null || behind?.kind === wanted.constraint)
  )
}

/** An index of a table as its partitions have to match it. */
export function wantedFrom(draft: Draft, index: Index): WantedIndex {
  const behind = index.constraint === null ? undefined : draft.catalog.constraintById(index.constraint)
  const kind = behind?.kind
  return {
    columns: index.columns,
    unique: index.unique,
    method: index.method,
    include: index.include,
    expressions: index.expressions,
    predicate: index.predicate?.text ?? null,
    nullsNotDistinct: index.nullsNotDistinct,
    constraint: kind === "unique" || kind === "primary key" || kind === "exclude" ? kind : null,
  }
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((value, position) => value === b[position])
}
