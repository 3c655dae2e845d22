import type { RecipeContext } from "./context.ts"
import type { PlainName } from "./sql.ts"
import { chooseName, joinColumns } from "../schema/derived-names.ts"
import { quoteName } from "./sql.ts"

/**
 * Names for what a recipe makes: as PostgreSQL derives them (63 bytes, numbered when taken), free in the catalog and
 * among each other, and the same from run to run.
 */
export interface Names {
  /**
   * An index, sequence or table in the table's schema, and a unique or primary key constraint, which share their names.
   */
  relation(columns: readonly string[], label: string): string
  constraint(columns: readonly string[], label: string): string
  column(base: string, label: string): string
  trigger(columns: readonly string[]): string
  function(columns: readonly string[], label: string): string
  /**
   * The names for a partition of the table, or for the table while what the recipe drops is still there: one and the same for all that the
   * recipe makes there, and none that it gives elsewhere.
   */
  of(partition: PlainName, freed?: readonly string[]): Names
}

/** @param freed Constraints that the recipe drops: their names can be given again. */
export function createNames(table: PlainName, context: RecipeContext, freed: readonly string[] = []): Names {
  return namesFor(table, context, freed, new Set())
}

function namesFor(table: PlainName, context: RecipeContext, freed: readonly string[], given: Set<string>): Names {
  const { catalog } = context
  const relation = catalog.relation(table)
  const schema = relation?.schema ?? table.schema ?? catalog.creationSchema
  const choose = (first: string, rest: string | null, label: string, taken: (name: string) => boolean): string => {
    const name = chooseName(first, rest, label, (candidate) => given.has(candidate) || taken(candidate))
    given.add(name)
    return name
  }
  const joined = (columns: readonly string[]): string | null => (columns.length === 0 ? null : joinColumns(columns))
  // The rest of the file would fail if a name that it gives were taken by then.
  const isRelation = (name: string): boolean =>
    context.later?.gives(name) === true || (!freed.includes(name) && (catalog.relation({ schema, name }) !== undefined || catalog.index({ schema, name }) !== undefined))
  let constraints: Pick<ReadonlySet<string>, "has"> | null = null
  const isConstraint = (name: string): boolean => {
    constraints ??= catalog.constraintNames(schema)
    return constraints.has(name) && !freed.includes(name)
  }
  const parts = new Map<string, Names>()
  return {
    of(partition, gone = []) {
      const key = quoteName(partition)
      const known = parts.get(key) ?? namesFor(partition, context, gone, given)
      parts.set(key, known)
      return known
    },
    relation: (columns, label) =>
      choose(table.name, joined(columns), label, (name) => isRelation(name) || isConstraint(name)),
    constraint: (columns, label) => choose(table.name, joined(columns), label, isConstraint),
    column: (base, label) =>
      choose(base, null, label, (name) => relation !== undefined && catalog.column(relation, name) !== undefined),
    trigger: (columns) => {
      const others = relation === undefined ? [] : catalog.triggersOf(relation.id).map((trigger) => trigger.name)
      return choose(`zz_${table.name}`, joined(columns), "sync", (name) => others.includes(name))
    },
    function: (columns, label) =>
      choose(table.name, joined(columns), label, (name) => catalog.functions({ schema, name }).length > 0),
  }
}

/** The name PostgreSQL gives a constraint that is written without one (ChooseConstraintName, ChooseIndexName). */
export function defaultLabel(kind: keyof typeof DEFAULT_LABELS): string {
  return DEFAULT_LABELS[kind]
}

const DEFAULT_LABELS = {
  check: "check",
  "foreign key": "fkey",
  unique: "key",
  "primary key": "pkey",
  "not null": "not_null",
  exclude: "excl",
} as const
