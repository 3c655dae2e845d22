import type { ColumnType } from "../../schema/catalog.ts"
import { fail, type Draft } from "../draft.ts"
import { columnType } from "../type-change.ts"
import { knownRelation } from "./columns.ts"
import type { Refusals } from "./index.ts"

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "))

/**
 * Built-in types that an access method has no default operator class for, in all majors, and that no extension of PostgreSQL brings one for
 * either (btree_gin and btree_gist do for most others).
 */
const unserved: Readonly<Record<string, ReadonlySet<string>>> = {
  gin: words("box circle json line lseg path point polygon tsquery xml"),
  gist: words("json jsonb line lseg path xml"),
  spgist: words(
    "bit bool bpchar bytea circle date float4 float8 int2 int4 int8 interval json jsonb line lseg macaddr macaddr8 money name numeric oid path time timestamp " +
      "timestamptz timetz tsquery tsvector uuid varbit xml",
  ),
  brin: words("bool circle json jsonb line lseg money path point polygon tsquery tsvector xml"),
  hash: words("bit box circle json line lseg money path point polygon tsquery tsvector varbit xml"),
}

/** Columns that an index of their method cannot hold without a word on how (GetDefaultOpClass). */
export const operatorClassRefusals: Refusals = {
  "create index"({ table, method, elements }, draft) {
    const relation = draft.catalog.relation(table)
    if (relation?.known !== true) return
    for (const { column, operatorClass } of elements)
      if (column !== null && operatorClass === null) refuseUnserved(method, draft.catalog.column(relation, column.name)?.type, draft)
  },
  "alter column type"(action, draft) {
    const relation = knownRelation(draft, action)
    for (const member of relation === null || action.only ? [] : draft.catalog.tree(relation.id)) {
      for (const { method, columns, clauses, constraint } of draft.catalog.indexesOf(member.id)) {
        const position = columns.indexOf(action.column.name)
        // An index that stands behind a constraint may go with it, in the same statement.
        if (position >= 0 && constraint === null && (clauses[position] ?? "") === "") refuseUnserved(method, columnType(action.type, draft.catalog), draft)
      }
    }
  },
}

function refuseUnserved(method: string, type: ColumnType | undefined, draft: Draft): void {
  if (type?.schema !== "pg_catalog" || type.dimensions > 0 || draft.catalog.hasOwnCasts || unserved[method]?.has(type.name) !== true) return
  fail(draft, "42704", `data type ${type.name} has no default operator class for access method "${method}"`)
}
