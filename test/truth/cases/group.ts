import type { Case } from "../case.ts"
import type { SchemaName } from "./schemas.ts"

/** A case over a known schema. */
export type KnownCase = Case & { readonly schema: SchemaName }

/** Cases of one kind over one schema: the form in words, and its SQL. */
export function group(
  kind: string,
  schema: SchemaName,
  forms: Readonly<Record<string, string>>,
  more: Pick<Case, "session" | "cleanup" | "transactionOnly"> = {},
): KnownCase[] {
  return Object.entries(forms).map(([form, sql]) => ({ id: `${kind}: ${form}`, schema, sql, ...more }))
}
