/** Migrations together with the files that they include. */
import type { Doubt } from "../engine/input.ts"
import type { Composition } from "../files/includes.ts"
import { parseFile, type ParsedFile } from "../parse/index.ts"
import { lex } from "../source/lexer.ts"
import type { Span } from "../source/span.ts"
import { TokenKind } from "../source/tokens.ts"
import type { Hosted, HostPlace } from "./hosted.ts"

/** The composed text as one migration, whose findings stand in the files that its parts come from. */
export function hostedComposition({ text, parts, texts }: Pick<Composition, "text" | "parts" | "texts">, parsed: ParsedFile = parseFile(text)): Hosted {
  const { doubts, branches } = psqlDoubts(text)
  const partAt = (offset: number): Composition["parts"][number] | undefined => {
    let low = 0
    let high = parts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((parts[middle]?.start ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    const found = parts[low]
    return found !== undefined && found.start <= offset && offset <= found.end ? found : undefined
  }
  const place = (span: Span): HostPlace | null => {
    const part = partAt(span.start)
    if (part === undefined) return null
    const start = part.from + span.start - part.start
    return { file: part.file, span: { start, end: part.from + Math.min(span.end, part.end) - part.start } }
  }
  return {
    sql: text,
    parsed,
    doubts,
    place,
    edit: (span, replacement) => {
      const part = partAt(span.start)
      const there = part === undefined || span.end > part.end ? null : place(span)
      return there === null ? null : { ...there, text: replacement }
    },
    isGuessed: () => false,
    isConditional: ({ start }) => branches.some((branch) => branch.start <= start && start < branch.end),
    textOf: (file) => texts.get(file) ?? "",
  }
}

const UNCERTAIN = /\\(?:if|elif|else|endif|c|connect|gexec)\b/

/** Whether a script of psql has commands after which nobody knows what is there. */
export function hasPsqlDoubts(text: string): boolean {
  return text.includes("\\") && UNCERTAIN.test(text)
}

/**
 * Commands that make the catalog uncertain: branches of which only one runs, another database, and statements that a query makes up.
 */
function psqlDoubts(text: string): { readonly doubts: readonly Doubt[]; readonly branches: readonly Span[] } {
  const doubts: Doubt[] = []
  const branches: Span[] = []
  if (!hasPsqlDoubts(text)) return { doubts, branches }
  const tokens = lex(text)
  let branch = 0
  for (let index = 0; index < tokens.count; index += 1) {
    if (tokens.kinds[index] !== TokenKind.metaCommand) continue
    const [start, end] = [tokens.starts[index] ?? 0, tokens.ends[index] ?? 0]
    const [, command = "", argument = ""] = /^\\(\w+)[ \t]*(\S*)/.exec(text.slice(start, end)) ?? []
    switch (command) {
      case "if":
        branch = end
        break
      case "elif":
      case "else":
      case "endif":
        doubts.push({ at: end, words: wordsOf(text.slice(branch, start)) })
        branches.push({ start: branch, end: start })
        branch = end
        break
      case "c":
      case "connect":
        if (argument !== "" && argument !== "-") doubts.push({ at: end, words: wordsOf(text.slice(0, start)) })
        break
      case "gexec":
        doubts.push({ at: end, words: wordsOf(text.slice(text.lastIndexOf(";", start) + 1, start)) })
        break
      default:
    }
  }
  return { doubts, branches }
}

/** What may be a name. */
function wordsOf(text: string): readonly string[] {
  return [...new Set(text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])]
}
