/** What operations of several kinds are made of. */
import type { Span } from "../../source/span.ts"
import type { TypeName } from "../name.ts"

/** What all operations have. */
export interface Base {
  /** The part of the statement that asks for this operation: one action of an ALTER TABLE, or the whole statement. */
  readonly span: Span
}

/** What kind of relation the statement names (`ALTER INDEX`, `DROP VIEW`): as written, which need not be what it is. */
export type RelationKeyword = "table" | "index" | "view" | "materialized view" | "sequence" | "foreign table"

/** Kinds of objects that DROP, RENAME, COMMENT, SET SCHEMA speak of. */
export type ObjectKind =
  | RelationKeyword
  | "column"
  | "constraint"
  | "domain constraint"
  | "type"
  | "domain"
  | "function"
  | "procedure"
  | "routine"
  | "aggregate"
  | "schema"
  | "extension"
  | "trigger"
  | "event trigger"
  | "rule"
  | "policy"
  | "statistics"
  | "publication"
  | "subscription"
  | "database"
  | "role"
  | "tablespace"
  | "collation"
  | "other"

/** The types that tell a function from others of its name; null when none are written, and for all other objects. */
export type WrittenArguments = readonly TypeName[] | null
