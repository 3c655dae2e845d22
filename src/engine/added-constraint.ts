import { quoteName } from "../playbook/sql.ts"
import type { ParsedFile } from "../parse/index.ts"
import type { Catalog, Constraint, Relation } from "../schema/catalog.ts"
import type { Span } from "../source/span.ts"

/** A file with constraints that rules ask about at the end of the history. */
export interface Source {
  readonly path: string
  readonly sql: string
  readonly parsed: ParsedFile
  readonly deploy: number
  /** It is linted, as opposed to history. */
  readonly report: boolean
  /** It runs after the files read before; scripts of no tool may have nothing to do with each other. */
  readonly ordered: boolean
}

/** What the files told, when the last one has been read. */
export interface Seen {
  readonly catalog: Catalog
  readonly pgVersion: number
  /** The linted files are one pending deploy. */
  readonly together: boolean
  readonly lastDeploy: number
  /** Names of constraints that are validated somewhere, perhaps under a condition. */
  readonly validated: ReadonlySet<string>
  /** The last deploy in which something that cannot be read may have validated constraints, or built indexes. */
  readonly unsure: { readonly validated: number; readonly indexed: number }
}

/** A constraint of a file, where it was written. */
export interface Added {
  readonly source: Source
  readonly relation: Relation
  readonly constraint: Constraint
  readonly span: Span
  readonly statement: Span
}

/** A relation's name as it is written at the end of a history: without the schema in which things are then made. */
export function nameAtEnd({ schema, name }: Relation, catalog: Catalog): string {
  return quoteName({ schema: schema === catalog.creationSchema ? null : schema, name })
}
