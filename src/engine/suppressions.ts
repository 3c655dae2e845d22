import type { Suppression } from "../source/directives.ts"
import { parseBody } from "../parse/index.ts"
import type { Operation, Statement } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"
import type { Finding } from "./finding.ts"

export interface Suppressed {
  readonly findings: readonly Finding[]
  /** Rule names of suppression comments that silenced nothing. */
  readonly unused: readonly { readonly rule: string; readonly span: Span }[]
}

/**
 * Takes out the findings that suppression comments speak of. A comment counts for the statement on whose last line or inside
 * of which it stands, else for the next one; a whole-file comment for all of them.
 */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  statements: readonly Statement[],
  lineOf: (offset: number) => number,
): Suppressed {
  if (suppressions.length === 0) return { findings, unused: [] }
  const used = new Set<string>()
  const targets = suppressions.map((suppression) => targetOf(suppression, statements, lineOf))
  const kept = findings.filter((finding) => {
    let silenced = false
    for (const [at, suppression] of suppressions.entries()) {
      const target = targets[at]
      if (suppression.kind === "next" && !(target !== undefined && overlaps(finding.span, target))) continue
      for (const [position, rule] of suppression.rules.entries()) {
        if (rule.name !== finding.rule) continue
        used.add(`${at}:${position}`)
        silenced = true
      }
    }
    return !silenced
  })
  const unused = suppressions.flatMap((suppression, at) =>
    suppression.rules
      .filter((_, position) => !used.has(`${at}:${position}`))
      .map((rule) => ({ rule: rule.name, span: rule.span })),
  )
  return { findings: kept, unused }
}

function overlaps(left: Span, right: Span): boolean {
  return left.start <= right.end && right.start <= left.end
}

/** The statement that the comment speaks of; undefined when none follows. In code it is one of the code's statements. */
function targetOf(suppression: Suppression, statements: readonly Statement[], lineOf: (offset: number) => number): Span | undefined {
  const { start } = suppression.span
  const spans = statements.map(({ span }) => span)
  const target = spanFor(start, spans, lineOf)
  const around = statements[spans.findIndex((span) => span === target)]
  if (!suppression.inCode || around === undefined) return target
  const code = around.operations.flatMap(statementsOfCode)
  return code.length === 0 ? target : spanFor(start, code, lineOf)
}

/** The span that holds the place, or ends on its line, else the next one. */
function spanFor(start: number, spans: readonly Span[], lineOf: (offset: number) => number): Span | undefined {
  const line = lineOf(start)
  const same = spans.find(
    (span) => (span.start <= start && start <= span.end) || (span.end <= start && lineOf(span.end) === line),
  )
  return same ?? spans.find((span) => span.start >= start)
}

function statementsOfCode(operation: Operation): readonly Span[] {
  if (operation.op === "do") return operation.statements.map(({ span }) => span)
  if (operation.op !== "create function" || operation.body === null) return []
  return parseBody(operation.body, operation.language, operation).statements.map(({ span }) => span)
}
