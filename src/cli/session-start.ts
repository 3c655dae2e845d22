/** Tells a person how the sessions of a tool begin. */
import type { StartingSession } from "../files/types.ts"
import { quoteIdent } from "../schema/format.ts"

/** `search_path app, public -- .gmrc:3`, `search_path app, ... -- flyway.conf:3`; empty where the server decides. */
export function describePath({ evidence, searchPath }: StartingSession): string {
  if (searchPath === null) return ""
  const shown = searchPath.schemas.map((schema) => quoteIdent(schema)).join(", ")
  return `search_path ${shown}${searchPath.open ? ", ..." : ""} -- ${evidence}`
}
