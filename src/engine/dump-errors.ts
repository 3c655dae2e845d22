import { asReadBy, type ParsedFile } from "../parse/index.ts"
import { createLineMap } from "../source/text.ts"
import type { ResultError } from "./result.ts"

/**
 * What PostgreSQL's grammar rejects in a dump that is started from: each time a statement of it is passed over, and the rest is used.
 *
 * @param path how the dump is called
 */
export function dumpErrors(path: string, sql: string, parsed: ParsedFile, pgVersion: number): readonly ResultError[] {
  const { errors } = asReadBy(pgVersion, parsed)
  if (errors.length === 0) return []
  const lines = createLineMap(sql)
  return errors.map(({ message, span }) => ({
    file: path,
    message: `${message}; this statement of the dump is passed over, and what it makes is not known`,
    ...lines.position(span.start),
  }))
}
