import type { Expression } from "../parse/expression.ts"
import type { IndexElement, OperationOf } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"
import type { Constraint, Index, ObjectId, Relation } from "./catalog.ts"
import { columnsRead, isSolid, columnOf } from "./columns.ts"
import { chooseName, indexColumnNames, joinColumns, truncateIdentifier } from "./derived-names.ts"
import { canServe, type WantedIndex } from "./index-match.ts"
import { indexStorage } from "./index-storage.ts"
import { needRelation } from "./names.ts"
import { takeName } from "./new-names.ts"
import { addConstraint, addIndex, isComplete, refuse, setConstraint, setIndex, type Store } from "./store.ts"

/** An index to be made, before it has a name and a place. */
export interface IndexPlan extends Pick<
  Index,
  | "unique"
  | "method"
  | "columns"
  | "include"
  | "expressionColumns"
  | "expressions"
  | "functions"
  | "clauses"
  | "predicate"
  | "nullsNotDistinct"
  | "storage"
> {
  /** null: PostgreSQL chooses. */
  readonly name: string | null
  /** What the key columns, and then those of INCLUDE, are called in a derived name; null for an expression without a name of its own. */
  readonly labels: readonly (string | null)[]
  readonly constraint: {
    readonly kind: "unique" | "primary key" | "exclude"
    readonly deferrable: boolean
    readonly initiallyDeferred: boolean
  } | null
}

export function createIndex(store: Store, op: OperationOf<"create index">): void {
  const table = needRelation(store, op.table, "table", false)
  if (table === undefined) return
  const name = op.index === null ? null : truncateIdentifier(op.index.name)
  if (name !== null && op.index !== null && !takeName(store, table.schema, { name, span: op.index.span }, op.ifNotExists)) return
  for (const { column } of op.elements) if (column !== null) needIndexedColumn(store, table, column.name, column.span)
  for (const column of op.include) needIndexedColumn(store, table, column.name, column.span)
  const plan: IndexPlan = {
    name,
    unique: op.unique,
    method: op.method,
    include: op.include.map((column) => column.name),
    nullsNotDistinct: op.nullsNotDistinct,
    storage: indexStorage(store.now.text(op.span)),
    constraint: null,
    ...withIncluded(planElements(store.now.text, op.elements, op.predicate), op.include),
  }
  const index = makeIndex(store, table, plan, null, op.only)
  // Without partitions ON ONLY makes a valid index; but whether there are any has to be known: it is of a table that was seen being made.
  const partitions = store.children.get(table.id)?.length ?? 0
  if (op.only && table.kind === "partitioned table" && (partitions > 0 || table.created === null || !isSolid(store, table))) {
    setIndex(store, { ...index, valid: false })
  }
}

/** PostgreSQL derives names from the columns of INCLUDE, too. */
export function withIncluded(elements: Elements, include: readonly { readonly name: string }[]): Elements {
  return include.length === 0 ? elements : { ...elements, labels: [...elements.labels, ...include.map(({ name }) => name)] }
}

export function needIndexedColumn(store: Store, table: Relation, name: string, span: Span): void {
  if (columnOf(table, name) !== undefined || !isSolid(store, table, name) || table.kind === "materialized view") return
  refuse("42703", `column "${name}" does not exist`, span)
}

type Elements = Pick<IndexPlan, "columns" | "labels" | "expressions" | "functions" | "expressionColumns" | "clauses" | "predicate">

export function planElements(
  text: (span: Span) => string,
  written: readonly (Pick<IndexElement, "column" | "expression" | "label"> & { readonly span?: Span })[],
  predicate: Expression | null,
): Elements {
  const elements = written.map((element) => withoutParentheses(text, element))
  const columns = elements.map(({ column }) => column?.name ?? null)
  const labels = elements.map(({ column, label }) => column?.name ?? label)
  const clauses = elements.map((element) => clausesOf(text, element))
  const plain = clauses.every((clause) => clause === "") ? [] : clauses
  const expressions: string[] = []
  const functions: string[] = []
  const read = new Set<string>()
  for (const { expression } of elements) {
    if (expression === null) continue
    expressions.push(text(expression.span))
    functions.push(...expression.functions.map(({ name }) => name))
    for (const name of columnsRead(expression)) read.add(name)
  }
  if (predicate === null)
    return { columns, labels, expressions, functions, expressionColumns: [...read], clauses: plain, predicate: null }
  for (const name of columnsRead(predicate)) read.add(name)
  return {
    columns,
    labels,
    expressions,
    functions: [...functions, ...predicate.functions.map(({ name }) => name)],
    expressionColumns: [...read],
    clauses: plain,
    predicate: { text: text(predicate.span), conjuncts: predicate.conjuncts },
  }
}

/** A column in parentheses is no expression, not even with a collation (transformIndexStmt, ComputeIndexAttrs). */
function withoutParentheses<Element extends Pick<IndexElement, "column" | "expression">>(text: (span: Span) => string, element: Element): Element {
  const [read, ...more] = element.expression?.columns ?? []
  if (element.expression === null || read === undefined || more.length > 0) return element
  if (!/^\(*\s*(?:(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+")\s*\.\s*)?(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+")(?:\s+COLLATE\s[^()]+)?\s*\)*$/iu.test(text(element.expression.span))) return element
  return { ...element, column: { name: read.column, span: read.span }, expression: null }
}

/** The text behind the column or expression of one key element; an expression's closing parenthesis is none of it. */
function clausesOf(
  text: (span: Span) => string,
  { column, expression, span }: Pick<IndexElement, "column" | "expression"> & { readonly span?: Span },
): string {
  const end = (column ?? expression)?.span.end
  if (span === undefined || end === undefined || end >= span.end) return ""
  // A column in parentheses leaves the closing one behind.
  return text({ start: end, end: span.end })
    .replace(/^([^()]*)\)/, "$1")
    .replace(/^[\s)]+/, "")
    .trim()
}

/**
 * Makes the index with its constraint, and, on a partitioned table, one on each partition (or takes one that is there
 * already). Names as DefineIndex chooses them.
 */
export function makeIndex(store: Store, table: Relation, plan: IndexPlan, parent: Index | null, only = false): Index {
  const name = plan.name ?? chooseIndexName(store, table, plan)
  let index = addIndex(store, {
    id: store.nextId++,
    schema: table.schema,
    name,
    table: table.id,
    unique: plan.unique,
    method: plan.method,
    valid: true,
    columns: plan.columns,
    labels: plan.labels,
    include: plan.include,
    expressionColumns: plan.expressionColumns,
    expressions: plan.expressions,
    functions: plan.functions,
    clauses: plan.clauses,
    predicate: plan.predicate,
    nullsNotDistinct: plan.nullsNotDistinct,
    storage: plan.storage,
    constraint: null,
    parent: parent?.id ?? null,
    created: store.now.origin,
  })
  if (plan.constraint !== null) {
    const constraint = addConstraint(
      store,
      table.schema,
      indexConstraint(store, index, plan.constraint, parent !== null),
    )
    index = setIndex(store, { ...index, constraint: constraint.id })
  }
  if (table.kind === "partitioned table" && !only) {
    let valid = true
    for (const child of store.children.get(table.id) ?? []) valid = indexPartition(store, child, plan, index) && valid
    if (!valid) index = setIndex(store, { ...index, valid })
  }
  return index
}

/**
 * Gives a partition its part of a partitioned index; false when that is INVALID.
 * @param attached what ATTACH PARTITION asks of an index that is there (`WantedIndex`)
 */
export function indexPartition(store: Store, partition: ObjectId, plan: IndexPlan, parent: Index, attached: Pick<WantedIndex, "sameKind" | "onlyValid"> = {}): boolean {
  const table = store.relations.get(partition)
  if (table === undefined || table.kind === "foreign table") return true
  const behind = (index: Index): Constraint | undefined => (index.constraint === null ? undefined : store.constraints.get(index.constraint))
  const fitting = (store.indexesByTable.get(partition) ?? []).find(
    (index) => index.parent === null && canServe(index, behind(index), { ...plan, ...attached }, table.columns),
  )
  if (fitting === undefined) return makeIndex(store, table, { ...plan, name: null }, parent).valid
  attachIndex(store, fitting, parent)
  return fitting.valid
}

export function attachIndex(store: Store, index: Index, parent: Index): void {
  setIndex(store, { ...index, parent: parent.id })
  const constraint = index.constraint === null ? undefined : store.constraints.get(index.constraint)
  if (constraint !== undefined && parent.constraint !== null) setConstraint(store, { ...constraint, inherited: true, local: false })
}

/** The plan that makes the same index on another table: LIKE, and partitions made after the index. */
export function planOf(store: Store, index: Index): IndexPlan {
  const constraint = index.constraint === null ? undefined : store.constraints.get(index.constraint)
  return {
    name: null,
    unique: index.unique,
    method: index.method,
    columns: index.columns,
    labels: index.labels,
    include: index.include,
    expressionColumns: index.expressionColumns,
    clauses: index.clauses,
    expressions: index.expressions,
    functions: index.functions,
    predicate: index.predicate,
    nullsNotDistinct: index.nullsNotDistinct,
    storage: index.storage,
    constraint:
      constraint?.kind === "unique" || constraint?.kind === "primary key" || constraint?.kind === "exclude"
        ? { kind: constraint.kind, deferrable: constraint.deferrable, initiallyDeferred: constraint.initiallyDeferred }
        : null,
  }
}

function indexConstraint(
  store: Store,
  index: Index,
  plan: NonNullable<IndexPlan["constraint"]>,
  inherited: boolean,
): Constraint {
  return {
    ...newConstraint(store, index.table, index.name, plan.kind),
    columns: index.columns.filter((column) => column !== null),
    deferrable: plan.deferrable,
    initiallyDeferred: plan.initiallyDeferred,
    inherited,
    local: !inherited,
    index: index.id,
  }
}

/** A constraint with nothing special about it; every record has the same shape. */
export function newConstraint(store: Store, table: ObjectId, name: string, kind: Constraint["kind"]): Constraint {
  return {
    id: store.nextId++,
    name,
    table,
    kind,
    columns: [],
    validated: true,
    enforced: true,
    deferrable: false,
    initiallyDeferred: false,
    noInherit: false,
    inherited: false,
    local: true,
    created: store.now.origin,
    expression: null,
    references: null,
    index: null,
  }
}

/** ChooseIndexName: `t_pkey`, `t_a_b_key`, `t_a_b_excl`, `t_a_b_idx`. */
function chooseIndexName(store: Store, table: Relation, plan: IndexPlan): string {
  const relations = store.names.get(table.schema)
  const constraints = plan.constraint === null ? undefined : store.constraintNames.get(table.schema)
  const taken = (name: string): boolean => relations?.has(name) === true || constraints?.has(name) === true
  const { kind } = plan.constraint ?? { kind: null }
  if (kind === "primary key") return chooseName(table.name, null, "pkey", taken)
  // extract() was date_part() up to 13.
  const labels = store.pgVersion >= 14 ? plan.labels : plan.labels.map((label) => (label === "extract" ? "date_part" : label))
  const columns = joinColumns(indexColumnNames(labels))
  return chooseName(table.name, columns, kind === null ? "idx" : kind === "unique" ? "key" : "excl", taken)
}

/** A unique, complete index whose key is exactly these columns: what a foreign key may point at. */
export function keyOver(store: Store, table: ObjectId, columns: readonly string[]): Index | undefined {
  return (store.indexesByTable.get(table) ?? []).find(
    (index) =>
      index.unique &&
      index.valid &&
      index.predicate === null &&
      index.columns.length === columns.length &&
      columns.every((column) => index.columns.includes(column)),
  )
}

/** Whether the lists of indexes and constraints of the table are complete. */
export function isFullyListed(store: Store, table: Relation): boolean {
  return isComplete(store) && isSolid(store, table)
}
