import type { Catalog, Relation, Trigger } from "../schema/catalog.ts"

/** The copies that partitions, all levels, have of a trigger of their table. */
export function* copiesOf(catalog: Catalog, table: Relation, name: string): Generator<readonly [Relation, Trigger]> {
  for (const child of catalog.children(table.id)) {
    const copy = catalog.triggersOf(child.id).find(({ copyOf }) => copyOf === name)
    if (copy === undefined) continue
    yield [child, copy]
    yield* copiesOf(catalog, child, copy.name)
  }
}
