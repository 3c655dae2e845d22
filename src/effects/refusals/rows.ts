import type { Identifier, OperationOf } from "../../parse/operation.ts"
import type { Column, Relation } from "../../schema/catalog.ts"
import { fail, failAt, failWithoutColumn, type Draft } from "../draft.ts"
import type { Refusals } from "./index.ts"
import { refuseConflict } from "./on-conflict.ts"
import { listedRelation, refuseQuery, type Parameters } from "./queries.ts"

type Insert = OperationOf<"insert">

/** What INSERT, UPDATE and MERGE write, and where. */
export const rowRefusals: Refusals = {
  update: (operation, draft) => {
    refuseWritten(operation, draft)
  },
  insert(operation, draft) {
    refuseWritten(operation, draft)
    const relation = writtenTo(operation, draft)
    if (relation === null || !isTable(relation)) return
    if (relation.kind === "table" && operation.onConflict !== "error") refuseConflict(operation, relation, draft)
    refuseNulls(operation, relation, draft)
  },
  merge: (operation, draft) => {
    refuseWritten(operation, draft)
  },
}

/** What is refused before any row is looked at, in the order in which the server looks; `parameters`: as of a query. */
export function refuseWritten(operation: OperationOf<"insert" | "update" | "merge">, draft: Draft, parameters?: Parameters): void {
  const relation = writtenTo(operation, draft)
  if (operation.op === "update") {
    refuseQuery(operation, draft, parameters)
    refuseUpdate(operation.columns, relation, draft)
  } else if (operation.op === "insert") {
    refuseInsert(operation, relation, draft, parameters)
  } else {
    refuseUnreachable(operation, draft)
    for (const clause of operation.clauses) {
      if (clause.action === "update") refuseUpdate(clause.columns, relation, draft)
      else if (clause.action === "insert") refuseRow({ ...clause, table: operation.table }, relation, draft)
    }
    refuseQuery(operation, draft, parameters)
  }
}

function refuseUpdate(columns: readonly Identifier[], relation: Relation | null, draft: Draft): void {
  if (relation !== null) refuseUnlisted(columns, relation, draft)
  refuseTwice(columns, "42601", (name) => `multiple assignments to same column "${name}"`, draft)
  if (relation !== null && isTable(relation)) refuseComputed(columns, relation, draft)
}

function refuseInsert(operation: Insert, relation: Relation | null, draft: Draft, parameters?: Parameters): void {
  if (relation !== null) refuseUnlisted(operation.columns, relation, draft)
  refuseQuery(operation, draft, parameters)
  refuseRow(operation, relation, draft)
  if (relation === null) return
  refuseUnlisted(operation.updated, relation, draft)
  if (isTable(relation)) refuseComputed(operation.updated, relation, draft)
}

/** The columns of a row, and how many values it has for them. */
type Row = Pick<Insert, "columns" | "table" | "width" | "defaults" | "overriding">

function refuseRow(row: Row, relation: Relation | null, draft: Draft): void {
  if (relation !== null) refuseUnlisted(row.columns, relation, draft)
  refuseTwice(row.columns, "42701", (name) => `column "${name}" specified more than once`, draft)
  refuseWidth(row, draft)
  if (relation !== null && isTable(relation)) refuseGiven(row, relation, draft)
}

/** Behind a WHEN without a condition there is nothing left for another one of its kind (transformMergeStmt). */
function refuseUnreachable({ clauses }: OperationOf<"merge">, draft: Draft): void {
  const all = clauses.findIndex(({ conditional }, at) => !conditional && clauses.slice(at + 1).some(({ when }) => when === clauses[at]?.when))
  if (all >= 0) fail(draft, "42601", "unreachable WHEN clause specified after unconditional WHEN clause")
}

/** A table or view of which all columns are known. */
function writtenTo({ table }: OperationOf<"insert" | "update" | "merge">, draft: Draft): Relation | null {
  const relation = draft.catalog.relation(table)
  return relation?.known === true && (isTable(relation) || relation.kind === "view") ? relation : null
}

function isTable({ kind }: Relation): boolean {
  return kind === "table" || kind === "partitioned table"
}

function refuseUnlisted(columns: readonly Identifier[], relation: Relation, draft: Draft): void {
  for (const column of columns) {
    if (draft.catalog.column(relation, column.name) === undefined)
      failWithoutColumn(draft, column, [relation], `column "${column.name}" of relation "${relation.name}" does not exist`)
  }
}

/** A column that is named twice; parts of one (`a.x`, `a[1]`) may be. */
function refuseTwice(columns: readonly Identifier[], code: string, why: (name: string) => string, draft: Draft): void {
  for (let i = 1; i < columns.length; i++) {
    const column = columns[i]
    for (let j = 0; j < i && column !== undefined; j++) {
      const first = columns[j]
      if (first?.name === column.name && ![first, column].some(({ span }) => /^\s*[.[]/.test(behind(span.end, draft)))) failAt(draft, column.span, code, why(column.name))
    }
  }
}

/** What the statement says from there on. */
function behind(start: number, { statement, text }: Draft): string {
  return text({ start, end: statement.span.end })
}

/** SET of a column that only the server computes. */
function refuseComputed(columns: readonly Identifier[], relation: Relation, draft: Draft): void {
  for (const { name, span } of columns) {
    const column = draft.catalog.column(relation, name)
    if (column !== undefined && isComputed(column, null, draft) && isFree(relation, draft) && /^\s*=\s*(?!default\b)\S/i.test(behind(span.end, draft)))
      failAt(draft, span, "428C9", `column "${name}" can only be updated to DEFAULT`)
  }
}

/** Whether the server alone fills the column (rewriteTargetListIU); up to 12 it does not override what the user says. */
function isComputed({ generated, identity }: Column, overriding: Insert["overriding"], { pgVersion }: Draft): boolean {
  return generated !== null || (identity === "always" && (overriding === null || (overriding === "user" && pgVersion < 13)))
}

/** Whether rows arrive as the statement writes them: no rule and no trigger changes them. */
function isFree(relation: Relation, draft: Draft): boolean {
  return draft.catalog.isCertain(relation) && draft.catalog.rulesOf(relation.id).length === 0
}

/** A row has as many values as columns are named, or at most as many as there are (transformInsertRow). */
function refuseWidth({ columns, table, width }: Row, draft: Draft): void {
  if (width === null) return
  const extra = columns[width]
  if (extra !== undefined) return failAt(draft, extra.span, "42601", "INSERT has more target columns than expressions")
  const most = columns.length > 0 ? columns.length : listedRelation(draft, table)?.columns.length
  if (most !== undefined && width > most) fail(draft, "42601", "INSERT has more expressions than target columns")
}

/** NULL for columns that are NOT NULL. */
function refuseNulls({ columns, nulls, overriding, rows }: Insert, relation: Relation, draft: Draft): void {
  if (rows === 0 || relation.kind !== "table" || relation.partition !== null) return
  for (const place of nulls) {
    const target = columnAt(place, columns, relation, draft)
    if (target === undefined || !(target.notNull || target.notNullNotValid) || (target.identity !== null && overriding === "user")) continue
    if (isFree(relation, draft) && draft.catalog.triggersOf(relation.id).length === 0)
      failAtPlace(draft, columns[place], "23502", `null value in column "${target.name}" violates not-null constraint`)
  }
}

/** Values for columns that only the server fills. */
function refuseGiven({ columns, width, defaults, overriding }: Row, relation: Relation, draft: Draft): void {
  if (!relation.columns.some((column) => isComputed(column, overriding, draft))) return
  for (let place = 0; place < (width ?? 0); place++) {
    const target = columnAt(place, columns, relation, draft)
    if (target !== undefined && isComputed(target, overriding, draft) && !defaults.includes(place) && isFree(relation, draft))
      failAtPlace(draft, columns[place], "428C9", `cannot insert a non-DEFAULT value into column "${target.name}"`)
  }
}

/** The column that a value is for. */
function columnAt(place: number, columns: readonly Identifier[], relation: Relation, { catalog }: Draft): Column | undefined {
  const named = columns[place]
  return columns.length === 0 ? relation.columns[place] : named === undefined ? undefined : catalog.column(relation, named.name)
}

function failAtPlace(draft: Draft, named: Identifier | undefined, code: string, why: string): void {
  if (named === undefined) fail(draft, code, why)
  else failAt(draft, named.span, code, why)
}
