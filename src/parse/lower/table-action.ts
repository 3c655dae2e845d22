import type { Span } from "../../source/span.ts"
import type { Name } from "../name.ts"
import type { RelationKeyword } from "../operation.ts"
import type { Context } from "./context.ts"

/** What every action says of the table. */
export interface On {
  readonly relation: Name
  readonly keyword: RelationKeyword
  readonly missingOk: boolean
  readonly only: boolean
  readonly span: Span
}

/** An action with its tokens. */
export interface TableAction extends On {
  readonly context: Context
  readonly from: number
  readonly to: number
}
