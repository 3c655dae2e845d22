/** Code that runs. */
import type { Span } from "../../source/span.ts"
import type { FunctionCall } from "../expression.ts"
import type { Identifier, Name } from "../name.ts"
import type { Operation } from "../operation.ts"
import type { Base } from "./base.ts"

/** A function body or DO block: its text and where that text stands in the file. */
export interface CodeBody {
  readonly text: string
  /** The span of the text between the quotes. */
  readonly span: Span
  /** True when the text stands in the file letter for letter (dollar quotes), so that offsets can be mapped by addition. */
  readonly verbatim: boolean
  /** Where the own positions of its texts begin; they follow from its place where it stands in the file. */
  readonly room?: number
}

export type CodeOperation =
  | (Base & {
      readonly op: "do"
      readonly language: string
      readonly body: CodeBody
      readonly statements: readonly EmbeddedStatement[]
      /** EXECUTE of an expression that is not a literal, or a body that could not be parsed. */
      readonly dynamic: readonly Span[]
    })
  | (Base & { readonly op: "call"; readonly procedure: Name; readonly call: FunctionCall })
  /** EXPLAIN without ANALYZE, and PREPARE, which gives the statement a name. */
  | (Base & { readonly op: "plan"; readonly as: Identifier | null; readonly operations: readonly Operation[] })
  /** EXECUTE of what the file has not prepared: what it has prepared stands for it (see prepared.ts). */
  | (Base & { readonly op: "execute"; readonly prepared: Identifier })
  /** DEALLOCATE; null: ALL. */
  | (Base & { readonly op: "deallocate"; readonly prepared: Identifier | null })

/** A statement inside a DO block or function body. */
export interface EmbeddedStatement {
  readonly span: Span
  readonly operations: readonly Operation[]
  /** Under IF, CASE, a loop or an exception handler: it may not run. */
  readonly conditional: boolean
  /** Inside BEGIN ... EXCEPTION: its effects may be rolled back. */
  readonly guarded: boolean
  /** In the body of a loop. */
  readonly repeated: boolean
  /**
   * The branches that it stands in, the outer one first, by a number for each in the code: of IF and CASE, bodies of loops, blocks with an
   * exception handler, and the handlers. When it runs, what stands before it in the same branches, or around them, has run.
   */
  readonly branches: readonly number[]
  /** The texts that it stands in and that are not in the file as they are, the outer one first: usually none. */
  readonly decoded: readonly DecodedText[]
}

/** A text of SQL that a file writes in another way: with doubled quotes, with escapes, in parts (`EXECUTE 'a' || x`), or not at all. */
export interface DecodedText {
  /** Where it is written, or called. */
  readonly span: Span
  /** Its own positions (see `own-positions.ts`), one for each character. Spans of what is in it are among them. */
  readonly own: Span
  readonly text: string
}
