import type { Suppression } from "../source/directives.ts"
import type { Statement } from "../parse/operation.ts"
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

/** The statement that the comment speaks of; undefined when none follows. */
function targetOf(suppression: Suppression, statements: readonly Statement[], lineOf: (offset: number) => number): Span | undefined {
  const { start } = suppression.span
  const line = lineOf(start)
  const same = statements.find(
    ({ span }) => (span.start <= start && start <= span.end) || (span.end <= start && lineOf(span.end) === line),
  )
  if (same !== undefined) return same.span
  return statements.find(({ span }) => span.start >= start)?.span
}
