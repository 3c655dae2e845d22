/** ALTER of other objects than tables and their kin. */
import type { Span } from "../../source/span.ts"
import type { Expression } from "../expression.ts"
import type { Identifier, Name, TypeName } from "../name.ts"
import type { Base, ObjectKind, WrittenArguments } from "./base.ts"
import type { PublicationTable } from "./create.ts"

export type AlterOperation =
  | (Base & {
      readonly op: "add enum value"
      readonly type: Name
      readonly value: { readonly text: string; readonly span: Span }
      readonly ifNotExists: boolean
      readonly neighbor: string | null
      readonly before: boolean
    })
  | (Base & {
      readonly op: "rename enum value"
      readonly type: Name
      readonly value: { readonly text: string; readonly span: Span }
      readonly newValue: { readonly text: string; readonly span: Span }
    })
  | (Base & {
      readonly op: "alter composite type"
      readonly type: Name
      readonly action: "add attribute" | "drop attribute" | "alter attribute type" | "rename attribute"
      readonly attribute: Identifier
      /** DROP ATTRIBUTE IF EXISTS. */
      readonly ifExists: boolean
      readonly attributeType: TypeName | null
      readonly newName: Identifier | null
      readonly cascade: boolean
    })
  | (Base & {
      readonly op: "alter domain"
      readonly domain: Name
      readonly action:
        | { readonly kind: "add constraint"; readonly name: Identifier | null; readonly expression: Expression | null; readonly notNull: boolean; readonly notValid: boolean }
        | { readonly kind: "drop constraint"; readonly name: Identifier; readonly ifExists: boolean }
        | { readonly kind: "validate constraint"; readonly name: Identifier }
        | { readonly kind: "set not null" | "drop not null" | "drop default" }
        | { readonly kind: "set default"; readonly default: Expression }
        | { readonly kind: "rename constraint"; readonly name: Identifier; readonly newName: Identifier }
    })
  | (Base & {
      readonly op: "alter sequence"
      readonly sequence: Name
      readonly missingOk: boolean
      readonly type: TypeName | null
      readonly ownedBy: { readonly table: Name; readonly column: string } | "none" | null
      /** Lower-case option names given (`restart`, `increment`, `as` ...). */
      readonly options: readonly string[]
    })
  | (Base & {
      readonly op: "alter publication"
      readonly publication: Identifier
      readonly action: "add" | "set" | "drop" | "options"
      readonly tables: readonly PublicationTable[]
      readonly schemas: readonly string[]
    })
  /** RENAME of anything that is not a relation, column, constraint of a table, enum value or attribute. */
  | (Base & {
      readonly op: "rename object"
      readonly kind: ObjectKind
      readonly object: Name
      /** The table of a trigger, rule or policy. */
      readonly table: Name | null
      readonly arguments: WrittenArguments
      readonly newName: Identifier
    })
  | (Base & { readonly op: "set object schema"; readonly kind: ObjectKind; readonly object: Name; readonly arguments: WrittenArguments; readonly schema: Identifier })
  | (Base & { readonly op: "set object owner"; readonly kind: ObjectKind; readonly object: Name; readonly owner: string })
  | (Base & { readonly op: "alter function"; readonly function: Name; readonly arguments: WrittenArguments; readonly volatility: "immutable" | "stable" | "volatile" | null; /** As in CREATE FUNCTION. */ readonly guarded: boolean })
  | (Base & { readonly op: "alter statistics"; readonly statistics: Name })
  /** ALTER DATABASE; `setsTablespace` cannot run in a transaction. */
  | (Base & { readonly op: "alter database"; readonly database: string; readonly setsTablespace: boolean })
