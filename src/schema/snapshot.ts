import type { Catalog, Column, Constraint, Index, ObjectId, Relation } from "./catalog.ts"
import { formatType } from "./format.ts"

/**
 * The catalog as plain, sorted data in the words of pg_catalog, for comparing it with a real server's. Names of
 * relations are qualified. Only what was there or made, not what is not known.
 */
export interface Snapshot {
  readonly tables: readonly TableSnapshot[]
  readonly views: readonly {
    readonly name: string
    readonly kind: "view" | "materialized view"
    readonly reads: readonly string[]
  }[]
  /** With the column that owns it: `public.t.id`. */
  readonly sequences: readonly { readonly name: string; readonly type: string; readonly ownedBy: string | null }[]
  /** Labels in their order. */
  readonly enums: readonly { readonly name: string; readonly labels: readonly string[] }[]
  readonly domains: readonly {
    readonly name: string
    readonly type: string
    readonly notNull: boolean
    readonly checks: readonly { readonly name: string; readonly validated: boolean }[]
  }[]
  readonly composites: readonly {
    readonly name: string
    readonly attributes: readonly { readonly name: string; readonly type: string }[]
  }[]
  /** Extended statistics: pg_statistic_ext, with the columns that are named, sorted. */
  readonly statistics: readonly { readonly name: string; readonly table: string; readonly columns: readonly string[] }[]
  /** Functions and procedures by name and then arguments: the types of their input arguments. */
  readonly functions: readonly { readonly name: string; readonly kind: "function" | "procedure"; readonly arguments: readonly string[] }[]
  readonly publications: readonly { readonly name: string; readonly allTables: boolean; readonly tables: readonly string[] }[]
}

export interface TableSnapshot {
  readonly name: string
  readonly kind: "table" | "partitioned table" | "foreign table"
  readonly persistence: Relation["persistence"]
  readonly known: boolean
  /** The partitioned or inherited tables. */
  readonly parents: readonly string[]
  /** In the order of attnum. */
  readonly columns: readonly {
    readonly name: string
    /** format_type(atttypid, atttypmod) with only `public` on the search path. */
    readonly type: string
    /** attnotnull (true from 18 on also for a NOT NULL that is not validated). */
    readonly notNull: boolean
    /** There is a pg_attrdef row that is not a generation expression. */
    readonly default: boolean
    /** attidentity: "always" a, "by default" d. */
    readonly identity: Column["identity"]
    /** attgenerated. */
    readonly generated: "stored" | "virtual" | null
    /** attinhcount is not 0. */
    readonly inherited: boolean
    /** attislocal. */
    readonly local: boolean
  }[]
  /** Sorted by name. Copies that the server keeps for the partitions of a referenced table are not listed. */
  readonly constraints: readonly {
    readonly name: string
    readonly kind: Constraint["kind"]
    /** conkey; sorted for a CHECK. */
    readonly columns: readonly string[]
    /** convalidated. */
    readonly validated: boolean
    /** conenforced (18). */
    readonly enforced: boolean
    /** condeferrable. */
    readonly deferrable: boolean
    /** condeferred. */
    readonly initiallyDeferred: boolean
    /** CHECK and NOT NULL: connoinherit. */
    readonly noInherit: boolean
    /** coninhcount is not 0. */
    readonly inherited: boolean
    /** conislocal. */
    readonly local: boolean
    readonly references: { readonly table: string; readonly columns: readonly string[] } | null
  }[]
  /** Sorted by name. */
  readonly indexes: readonly {
    readonly name: string
    readonly unique: boolean
    readonly method: string
    /** indisvalid. */
    readonly valid: boolean
    /** Key columns; null for an expression. */
    readonly columns: Index["columns"]
    readonly include: readonly string[]
    readonly partial: boolean
    readonly nullsNotDistinct: boolean
    /** indisclustered. */
    readonly clustered: boolean
    /** The constraint it stands behind. */
    readonly constraint: string | null
    /** The partitioned index it is part of. */
    readonly parent: string | null
  }[]
  readonly triggers: readonly string[]
  readonly policies: readonly string[]
  readonly rules: readonly string[]
  /** relrowsecurity and relforcerowsecurity. */
  readonly rowSecurity: { readonly enabled: boolean; readonly forced: boolean }
  /** relreplident, and the index with indisreplident. */
  readonly replicaIdentity: { readonly kind: Relation["replicaIdentity"]; readonly index: string | null }
}

export function snapshot(catalog: Catalog): Snapshot {
  const relations = [...catalog.relations()].sort(byName)
  const name = (id: ObjectId): string => {
    const relation = catalog.relationById(id) ?? catalog.indexById(id)
    return relation === undefined ? "" : qualified(relation)
  }
  return {
    tables: relations.filter(isTable).map((relation) => tableSnapshot(catalog, relation, name)),
    views: relations.flatMap((relation) =>
      relation.kind === "view" || relation.kind === "materialized view"
        ? [
            {
              name: qualified(relation),
              kind: relation.kind,
              reads: sorted(relation.dependencies.map((one) => name(one.relation))),
            },
          ]
        : [],
    ),
    sequences: relations
      .filter(({ kind }) => kind === "sequence")
      .map(({ schema, name: own, sequenceType, ownedBy }) => ({
        name: qualified({ schema, name: own }),
        type: sequenceType === null ? "unknown" : formatType({ schema: "pg_catalog", name: sequenceType, modifiers: [], dimensions: 0 }),
        ownedBy: ownedBy === null ? null : `${name(ownedBy.relation)}.${ownedBy.column}`,
      })),
    ...typeSnapshots(catalog),
    statistics: relations
      .flatMap(({ id }) => catalog.statisticsOf(id))
      .sort(byName)
      .map((object) => ({ name: qualified(object), table: name(object.table), columns: sorted(object.columns.filter((column) => column !== null)) })),
    functions: [...catalog.routines()]
      .map((routine) => ({ name: qualified(routine), kind: routine.kind, arguments: routine.argumentTypes.map((type) => formatType({ ...type, modifiers: [] })) }))
      .sort((a, b) => compare(a.name, b.name) || compare(a.arguments.join(), b.arguments.join())),
    publications: [...catalog.publications()]
      .sort(byConstraintName)
      .map((publication) => ({ name: publication.name, allTables: publication.allTables, tables: sorted(publication.tables.map(({ table }) => name(table))) })),
  }
}

type TableLike = Relation & { readonly kind: TableSnapshot["kind"] }

function isTable(relation: Relation): relation is TableLike {
  return relation.kind === "table" || relation.kind === "partitioned table" || relation.kind === "foreign table"
}

function tableSnapshot(catalog: Catalog, table: TableLike, name: (id: ObjectId) => string): TableSnapshot {
  return {
    name: qualified(table),
    kind: table.kind,
    persistence: table.persistence,
    known: table.known,
    parents: sorted([...table.inherits, ...(table.partition === null ? [] : [table.partition.parent])].map(name)),
    columns: table.columns.map((column) => ({
      name: column.name,
      type: formatType(column.type),
      notNull: column.notNull || column.notNullNotValid,
      default: column.default !== null,
      identity: column.identity,
      generated: column.generated === null ? null : column.generated.stored ? "stored" : "virtual",
      inherited: column.inherited,
      local: column.local,
    })),
    constraints: [...catalog.constraintsOf(table.id)].sort(byConstraintName).map((constraint) => ({
      name: constraint.name,
      kind: constraint.kind,
      columns: constraint.kind === "check" ? sorted(constraint.columns) : constraint.columns,
      validated: constraint.validated,
      enforced: constraint.enforced,
      deferrable: constraint.deferrable,
      initiallyDeferred: constraint.initiallyDeferred,
      noInherit: (constraint.kind === "check" || constraint.kind === "not null") && constraint.noInherit,
      inherited: constraint.inherited,
      local: constraint.local,
      references:
        constraint.references === null
          ? null
          : { table: name(constraint.references.table), columns: constraint.references.columns },
    })),
    indexes: [...catalog.indexesOf(table.id)].sort(byConstraintName).map((index) => ({
      name: index.name,
      unique: index.unique,
      method: index.method,
      valid: index.valid,
      columns: index.columns,
      include: index.include,
      partial: index.predicate !== null,
      nullsNotDistinct: index.nullsNotDistinct,
      clustered: table.clusteredOn === index.id,
      constraint: index.constraint === null ? null : (catalog.constraintById(index.constraint)?.name ?? null),
      parent: index.parent === null ? null : name(index.parent),
    })),
    triggers: sorted(catalog.triggersOf(table.id).map((trigger) => trigger.name)),
    policies: sorted(catalog.policiesOf(table.id).map(({ name, restrictive }) => (restrictive ? `${name} (restrictive)` : name))),
    rules: sorted(catalog.rulesOf(table.id).map((rule) => rule.name)),
    rowSecurity: { enabled: table.rowSecurity, forced: table.forceRowSecurity },
    replicaIdentity: {
      kind: table.replicaIdentity,
      index: table.identityIndex === null ? null : (catalog.indexById(table.identityIndex)?.name ?? null),
    },
  }
}

function typeSnapshots(catalog: Catalog): Pick<Snapshot, "enums" | "domains" | "composites"> {
  const types = [...catalog.types()].sort(byName)
  return {
    enums: types.flatMap((type) =>
      type.kind === "enum" ? [{ name: qualified(type), labels: type.labels.map(({ text }) => text) }] : [],
    ),
    domains: types.flatMap((type) =>
      type.kind === "domain"
        ? [
            {
              name: qualified(type),
              type: formatType(type.base),
              notNull: type.notNull,
              checks: [...type.checks].sort(byConstraintName).map(({ name, validated }) => ({ name, validated })),
            },
          ]
        : [],
    ),
    composites: types.flatMap((type) =>
      type.kind === "composite"
        ? [
            {
              name: qualified(type),
              attributes: type.attributes.map(({ name, type: attribute }) => ({ name, type: formatType(attribute) })),
            },
          ]
        : [],
    ),
  }
}

function qualified({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`
}

function byName(
  a: { readonly schema: string; readonly name: string },
  b: { readonly schema: string; readonly name: string },
): number {
  return compare(qualified(a), qualified(b))
}

function byConstraintName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compare(a.name, b.name)
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compare)
}

/** By UTF-16 units, like Array.prototype.sort; independent of the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
