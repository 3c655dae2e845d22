import { lex } from "../source/lexer.ts"
import { closingBracket, isKeyword, isSymbol, spanOf, tokenText } from "../source/tokens.ts"

/** How an index is stored, in the words of CREATE INDEX, each with a blank before it or empty: ` WITH (fillfactor = 70)`, ` TABLESPACE fast`. */
export interface IndexStorage {
  readonly parameters: string
  readonly tablespace: string
}

/** What CREATE INDEX, or a constraint, says of how its index is stored; null for nothing. */
export function indexStorage(written: string): IndexStorage | null {
  if (!/\b(?:with|tablespace)\b/i.test(written)) return null
  let parameters = ""
  let tablespace = ""
  const tokens = lex(written)
  for (let at = 0; at < tokens.count && !isKeyword(tokens, at, "where"); at++) {
    if (isSymbol(tokens, at, "(")) at = Math.max(at, closingBracket(tokens, at))
    else if (isKeyword(tokens, at, "with") && isSymbol(tokens, at + 1, "(")) {
      const end = closingBracket(tokens, at + 1)
      if (end >= 0) parameters = ` ${written.slice(spanOf(tokens, at).start, spanOf(tokens, end).end)}`
    } else if (isKeyword(tokens, at, "tablespace")) tablespace = ` TABLESPACE ${tokenText(tokens, at + 1)}`
  }
  return parameters + tablespace === "" ? null : { parameters, tablespace }
}
