import type { Constraint, FunctionInfo, ObjectId, Relation } from "./catalog.ts"
import { treeOf } from "./columns.ts"
import { dropRoutines, removeColumn, removeConstraint, removeRelation } from "./remove.ts"
import { policiesReading, readsColumn } from "./policies.ts"
import { put, type Store } from "./store.ts"

/** Something that depends on a column, so that the column cannot be dropped, or change its type, without it. */
export interface Blocker {
  readonly name: string
  /** In the server's words for a type change: "by a view or rule". */
  readonly what: string
  /** Is dropped even without CASCADE. */
  readonly goesAlong?: boolean
  /** Drops it, as CASCADE does. */
  drop(): void
}

/**
 * What certainly depends on the column: views, rules, generated columns, policies, triggers, and (for a drop) defaults and foreign keys
 * of other tables. Dependencies that are only possible (a view over several relations that have a column of the name)
 * are left out.
 */
export function columnBlockers(
  store: Store,
  table: Relation,
  column: string,
  to: "drop" | "type change",
): readonly Blocker[] {
  const blockers: Blocker[] = []
  for (const view of readersOf(store, table, column)) {
    blockers.push({
      name: view.name,
      what: "by a view or rule",
      drop: () => {
        removeRelation(store, view.id)
      },
    })
  }
  for (const routine of routinesReading(store, table, column)) {
    blockers.push({
      name: routine.name,
      what: "by a function or procedure",
      drop: () => {
        dropRoutines(store, ({ id }) => id === routine.id)
      },
    })
  }
  for (const rule of store.rules.get(table.id) ?? []) {
    if (rule.columns?.includes(column) !== true) continue
    blockers.push({
      name: rule.name,
      what: "by a view or rule",
      drop: () => {
        put(
          store,
          store.rules,
          table.id,
          (store.rules.get(table.id) ?? []).filter(({ name }) => name !== rule.name),
        )
      },
    })
  }
  // Up to 14, dropping a column silently dropped the columns generated from it.
  for (const { name, generated } of table.columns) {
    if (generated?.columns.includes(column) !== true) continue
    blockers.push({
      name,
      what: "by a generated column",
      goesAlong: store.pgVersion < 15,
      drop: () => {
        for (const blocker of columnBlockers(store, table, name, "drop")) blocker.drop()
        removeColumn(store, table.id, name)
      },
    })
  }
  const triggers = store.triggers.get(table.id) ?? []
  for (const trigger of triggers) {
    if (!trigger.columns.includes(column)) continue
    blockers.push({
      name: trigger.name,
      what: "in a trigger definition",
      drop: () => {
        put(
          store,
          store.triggers,
          table.id,
          (store.triggers.get(table.id) ?? []).filter(({ name }) => name !== trigger.name),
        )
      },
    })
  }
  const own = (store.policies.get(table.id) ?? []).filter((policy) => policy.columns.includes(column))
  for (const policy of [...own, ...policiesReading(store, table.id).filter((other) => readsColumn(other, table.id, column))]) {
    blockers.push({
      name: policy.name,
      what: "in a policy definition",
      drop: () => {
        put(
          store,
          store.policies,
          policy.table,
          (store.policies.get(policy.table) ?? []).filter(({ name }) => name !== policy.name),
        )
      },
    })
  }
  blockers.push(...publicationsOf(store, table.id, column))
  if (to === "drop") blockers.push(...exclusionsComputedFrom(store, table.id, column), ...foreignKeysOn(store, table.id, column), ...defaultsOn(store, table.id, column))
  return blockers
}

/**
 * Exclusion constraints that read the column only in an expression or in WHERE: their index depends on it, but goes only with its
 * constraint, which does not (index_create).
 */
function exclusionsComputedFrom(store: Store, table: ObjectId, column: string): readonly Blocker[] {
  const found = (store.constraintsByTable.get(table) ?? []).filter((constraint) => {
    const index = constraint.kind === "exclude" && constraint.index !== null ? store.indexes.get(constraint.index) : undefined
    return index?.expressionColumns.includes(column) === true && !index.columns.includes(column) && !index.include.includes(column)
  })
  return found.map((constraint) => ({
    name: constraint.name,
    what: "by an exclusion constraint",
    drop: () => {
      removeConstraint(store, constraint)
    },
  }))
}

/** Publications that name the column in their list or WHERE: CASCADE takes the table out of them. */
function publicationsOf(store: Store, table: ObjectId, column: string): readonly Blocker[] {
  const naming = [...store.publications.values()].filter(({ tables }) => tables.some((one) => one.table === table && (one.columns.includes(column) || one.where.includes(column))))
  return naming.map(({ name }) => ({
    name,
    what: "by a publication WHERE clause",
    drop: () => {
      const publication = store.publications.get(name)
      if (publication !== undefined) put(store, store.publications, name, { ...publication, tables: publication.tables.filter((one) => one.table !== table) })
    },
  }))
}

/** Defaults of other columns that draw from a sequence of the column, which goes along; they go with the sequence. */
function defaultsOn(store: Store, table: ObjectId, column: string): readonly Blocker[] {
  const heirs = treeOf(store, table)
  return (store.ownedSequences.get(table) ?? []).flatMap((sequence) => {
    if (store.relations.get(sequence)?.ownedBy?.column !== column) return []
    return (store.sequenceUsers.get(sequence) ?? []).flatMap((user) => {
      const drawing = store.relations.get(user)?.columns.find((one) => one.default?.sequence === sequence && !(one.name === column && heirs.includes(user)))
      return drawing === undefined ? [] : [{ name: drawing.name, what: "by a default", drop: () => undefined }]
    })
  })
}

function foreignKeysOn(store: Store, table: ObjectId, column: string): readonly Blocker[] {
  const found: Constraint[] = []
  for (const id of store.referencing.get(table) ?? []) {
    const foreignKey = store.constraints.get(id)
    if (foreignKey?.references?.columns.includes(column) !== true) continue
    if (foreignKey.columns.includes(column) && goesAlong(store, table, foreignKey.table, column)) continue
    found.push(foreignKey)
  }
  return found.map((foreignKey) => ({
    name: foreignKey.name,
    what: "by a foreign key",
    drop: () => {
      removeConstraint(store, foreignKey)
    },
  }))
}

/** A foreign key goes with the column when it has it on both sides: of a table to itself, or to a parent that a child has it from. */
function goesAlong(store: Store, table: ObjectId, child: ObjectId, column: string): boolean {
  if (child === table) return true
  if (!treeOf(store, table).includes(child)) return false
  const own = store.relations.get(child)?.columns.find(({ name }) => name === column)
  return own?.inherited === true && !own.local
}

/** Functions with a SQL-standard body that certainly reads the column. */
function routinesReading(store: Store, table: Relation, column: string): readonly FunctionInfo[] {
  const readers: FunctionInfo[] = []
  for (const names of store.functions.values())
    for (const overloads of names.values()) readers.push(...overloads.filter((routine) => certainlyReads(routine, table, column)))
  return readers
}

function certainlyReads({ dependencies }: Pick<FunctionInfo, "dependencies">, table: Relation, column: string): boolean {
  return dependencies.some(({ relation, certain }) => relation === table.id && certain.includes(column))
}

/** Views that certainly read the column. */
function readersOf(store: Store, table: Relation, column: string): readonly Relation[] {
  const readers: Relation[] = []
  for (const id of store.dependents.get(table.id) ?? []) {
    const view = store.relations.get(id)
    if (view === undefined) continue
    if (certainlyReads(view, table, column)) readers.push(view)
  }
  return readers
}
