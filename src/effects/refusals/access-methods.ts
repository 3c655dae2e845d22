import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { OperationOf } from "../../parse/operation.ts"
import { fail, type Draft } from "../draft.ts"
import type { Refusals } from "./index.ts"

/** What an access method that comes with PostgreSQL can do beside what btree can; measured on 11 to 18 (DefineIndex asks the same). */
interface Abilities {
  readonly severalColumns: boolean
  /** The first major with INCLUDE; null: none. */
  readonly includes: number | null
  /** It answers row by row, as EXCLUDE needs. */
  readonly excludes: boolean
}

const abilities: ReadonlyMap<string, Abilities> = new Map([
  ["hash", { severalColumns: false, includes: null, excludes: true }],
  ["gist", { severalColumns: true, includes: 12, excludes: true }],
  ["spgist", { severalColumns: false, includes: 14, excludes: true }],
  ["gin", { severalColumns: true, includes: null, excludes: false }],
  ["brin", { severalColumns: true, includes: null, excludes: false }],
])

/** What is written behind a key also where it is what would be anyway. */
const DIRECTION = /\s(?:asc|desc)(?:\s+nulls\s+\w+)?$/i
const NULLS = /\snulls\s+(?:first|last)$/i

/** Indexes that their access method cannot be made for: none of these is unique or has an order. */
export const accessMethodRefusals: Refusals = {
  "create index"({ elements, include, method, unique }, draft) {
    if (!abilities.has(method)) return
    if (unique) refuse(method, "unique indexes", draft)
    refuseKeys(method, elements.length, include.length, draft)
    const written = elements.map(({ span }) => draft.text(span))
    if (written.some((element) => DIRECTION.test(element))) refuse(method, "ASC/DESC options", draft)
    if (written.some((element) => NULLS.test(element))) refuse(method, "NULLS FIRST/LAST options", draft)
  },
  "create table"({ columns, constraints }, draft) {
    for (const constraint of [...constraints, ...columns.flatMap((column) => column.constraints)]) refuseExclusion(constraint, draft)
  },
  "add constraint"({ constraint }: OperationOf<"add constraint">, draft) {
    refuseExclusion(constraint, draft)
  },
}

function refuseExclusion(constraint: ConstraintDefinition, draft: Draft): void {
  if (constraint.kind !== "exclude") return
  refuseKeys(constraint.method, constraint.elements.length, constraint.include.length, draft)
  if (abilities.get(constraint.method)?.excludes === false) refuse(constraint.method, "exclusion constraints", draft)
}

function refuseKeys(method: string, keys: number, included: number, draft: Draft): void {
  const { severalColumns = true, includes = 11 } = abilities.get(method) ?? {}
  if (keys > 1 && !severalColumns) refuse(method, "multicolumn indexes", draft)
  if (included > 0 && (includes === null || draft.pgVersion < includes)) refuse(method, "included columns", draft)
}

function refuse(method: string, what: string, draft: Draft): void {
  fail(draft, "0A000", `access method "${method}" does not support ${what}`)
}
