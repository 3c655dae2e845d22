import type { CodeBody, EmbeddedStatement } from "../operation.ts"
import type { Span } from "../../source/span.ts"
import type { LowerNested } from "./create.ts"
import type { Signature } from "./plpgsql-tree.ts"
import type { Arguments } from "./variables.ts"
import { EMPTY } from "./context.ts"
import { lowerText, mapOperations } from "./embedded.ts"
import { bodyMap, decodedBody } from "./places.ts"
import { lowerPlPgSql } from "./plpgsql.ts"

/** What a function body or DO block does, as far as its text tells. */
export interface ParsedBody {
  readonly statements: readonly EmbeddedStatement[]
  /** Where SQL is run that the text does not tell, or the whole body when it cannot be read. */
  readonly dynamic: readonly Span[]
}

/**
 * Reads a body. Languages other than SQL and PL/pgSQL are opaque: nothing can be told, and nothing is. `values`: what it is called with,
 * on which hangs what SQL it puts together.
 */
export function lowerCode(
  body: CodeBody,
  language: string,
  lowerNested: LowerNested,
  signature: Signature,
  values: Arguments = EMPTY,
): ParsedBody {
  switch (language) {
    case "sql":
      return lowerSqlBody(body, lowerNested)
    case "plpgsql":
      return lowerPlPgSql(body, signature, lowerNested, values) ?? opaque(body)
    default:
      return opaque(body)
  }
}

function opaque(body: CodeBody): ParsedBody {
  return { statements: EMPTY, dynamic: [body.span] }
}

function lowerSqlBody(body: CodeBody, lowerNested: LowerNested): ParsedBody {
  const statements = lowerText(body.text, lowerNested)
  if (statements === null) return opaque(body)
  const map = bodyMap(body)
  const decoded = decodedBody(body)
  return {
    statements: statements.map(({ span, operations }) => ({
      span: map(span),
      operations: mapOperations(operations, map),
      conditional: false,
      guarded: false,
      repeated: false,
      branches: EMPTY,
      decoded,
    })),
    dynamic: EMPTY,
  }
}
