import type { Span } from "../source/span.ts"
import type { Expression } from "./expression.ts"
import type { Identifier, Name } from "./name.ts"

/** What a foreign key does with the rows that reference a row that goes or changes. */
export type ForeignKeyAction = "no action" | "restrict" | "cascade" | "set null" | "set default"

interface Common {
  /** null: PostgreSQL derives the name. */
  readonly name: Identifier | null
  readonly notValid: boolean
  /** NOT ENFORCED (18). */
  readonly notEnforced: boolean
  readonly deferrable: boolean
  readonly initiallyDeferred: boolean
  readonly noInherit: boolean
  readonly span: Span
}

/** A constraint as CREATE TABLE, ADD COLUMN or ADD CONSTRAINT defines it. */
export type ConstraintDefinition =
  | (Common & { readonly kind: "check"; readonly expression: Expression })
  | (Common & { readonly kind: "not null"; readonly column: Identifier })
  | (Common & {
      readonly kind: "foreign key"
      readonly columns: readonly Identifier[]
      /** The last column has `PERIOD` in front (18). */
      readonly period: boolean
      readonly references: Name
      /** Empty: the primary key. */
      readonly referencedColumns: readonly Identifier[]
      readonly match: "simple" | "full" | "partial"
      readonly onDelete: ForeignKeyAction
      /** `ON DELETE SET NULL (a)` (15): the columns that it sets; empty: all. */
      readonly onDeleteColumns: readonly string[]
      readonly onUpdate: ForeignKeyAction
    })
  | (Common & {
      readonly kind: "unique" | "primary key"
      readonly columns: readonly Identifier[]
      readonly include: readonly Identifier[]
      readonly nullsNotDistinct: boolean
      /** UNIQUE USING INDEX i. */
      readonly usingIndex: Identifier | null
      /** WITHOUT OVERLAPS (18). */
      readonly withoutOverlaps: boolean
    })
  | (Common & {
      readonly kind: "exclude"
      readonly method: string
      /** `span`: the whole element, with its operator. */
      readonly elements: readonly { readonly column: Identifier | null; readonly expression: Expression | null; readonly label: string | null; readonly operator: string; readonly span: Span }[]
      readonly include: readonly Identifier[]
      readonly predicate: Expression | null
    })

/** The kinds of constraints. */
export type ConstraintKind = ConstraintDefinition["kind"]
