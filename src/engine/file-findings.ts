import { textReader, type ParsedFile } from "../parse/index.ts"
import { createLineMap } from "../source/text.ts"
import type { Finding } from "./finding.ts"
import { isLate } from "./history-end.ts"
import { withRest } from "./rest.ts"
import type { AnalyzedStatement, RuleContext } from "./rule.ts"
import type { ActiveRules } from "./select.ts"
import { applySuppressions } from "./suppressions.ts"
import { toFinding } from "./to-finding.ts"
import type { Suppression } from "../source/directives.ts"
import type { Span } from "../source/span.ts"

/** What the rules that look at whole files find. `found` is what all rules have found in its statements. */
export function wholeFileFindings(analyzed: readonly AnalyzedStatement[], last: AnalyzedStatement, context: RuleContext, found: readonly Finding[], rules: ActiveRules): readonly Finding[] {
  const findings: Finding[] = []
  const replaced = new Set(found.filter(isReplaced).map(({ statement }) => statement.start))
  for (const active of rules.wholeFile) {
    for (const problem of active.rule.checkFile?.(analyzed, context) ?? []) {
      if (active.rule.yields === true && replaced.has(problem.span.start)) continue
      findings.push(toFinding(active, problem, statementAt(analyzed, problem.span) ?? last, context))
      if (active.rule.yields === true) break
    }
  }
  return findings
}

/** A statement that PostgreSQL rejects does nothing: what other rules say it would do, and in which steps, is left out. */
function withoutRejected(findings: readonly Finding[]): readonly Finding[] {
  const rejected = new Set(findings.flatMap((finding) => (finding.rejected ? [finding.statement.start] : [])))
  return rejected.size === 0 ? findings : findings.filter((finding) => finding.rejected || !rejected.has(finding.statement.start))
}

/** A loop or a function may do the same to very many tables: more findings than these of one rule at one place are only counted. */
const MOST_AT_ONE_PLACE = 10

function summedUp(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MOST_AT_ONE_PLACE) return findings
  const places = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = `${finding.rule} ${String(finding.span.start)}`
    const others = places.get(key)
    if (others === undefined) places.set(key, [finding])
    else others.push(finding)
  }
  return [...places.values()].flatMap((alike) => {
    const more = alike.length - MOST_AT_ONE_PLACE
    return more <= 0 ? alike : alike.slice(0, MOST_AT_ONE_PLACE).map((finding, position) => (position < MOST_AT_ONE_PLACE - 1 ? finding : withCount(finding, more)))
  })
}

function withCount(finding: Finding, more: number): Finding {
  const message = `${String(more)} more statements that run here have the same problem`
  return { ...finding, related: [...finding.related, { file: finding.file, span: finding.span, message }] }
}

/** Whether the finding hands over a safe version of its statement, or of a part of it, with what else the statement does. */
function isReplaced({ replaces }: Finding): boolean {
  return replaces !== null && replaces.operations.length > 0
}

/** The innermost statement around a span. */
function statementAt(analyzed: readonly AnalyzedStatement[], span: Span): AnalyzedStatement | undefined {
  return analyzed.findLast(({ statement }) => statement.span.start <= span.start && span.end <= statement.span.end)
}

/** What follows the rules of a comment and is a sentence: a reason without the dashes before it. */
function sentenceIn(named: Suppression["rules"], rules: ActiveRules): Suppression["rules"] {
  // Ids have dashes between their words.
  const start = named.findIndex(({ name }, index) => index > 0 && !/\w-\w/.test(name) && !rules.isKnown(name))
  return start < 0 ? [] : named.slice(start)
}

/** Adds syntax errors, takes out what is suppressed, says which suppressions are of no use, and sorts. */
export function finished(found: readonly Finding[], file: string, sql: string, parsed: ParsedFile, rules: ActiveRules): Finding[] {
  const findings: Finding[] = [...found]
  for (const error of parsed.errors) {
    const finding = rules.own("syntax-error", file, error.span, error.statement, { error: error.message })
    if (finding !== null) findings.push(finding)
  }
  if (parsed.suppressions.length > 0) {
    const lines = createLineMap(sql)
    const { findings: kept, unused } = applySuppressions(findings, parsed.suppressions, parsed, textReader(sql, parsed.statements), (offset) => lines.position(offset).line)
    findings.length = 0
    findings.push(...kept)
    const sentences = new Set<Span>()
    for (const { rules: named, span, word } of parsed.suppressions) {
      const sentence = sentenceIn(named, rules)
      for (const one of sentence) sentences.add(one.span)
      const [first] = sentence
      if (first !== undefined) {
        const all = { start: first.span.start, end: sentence.at(-1)?.span.end ?? first.span.end }
        const words = sql.slice(all.start, all.end).replace(/\s+/g, " ")
        const reason = words.replace(/^[-\u2013\u2014]+ ?/, "") || "<reason>"
        const own = rules.own("unknown-suppression", file, all, all, { rules: named.slice(0, named.indexOf(first)).map(({ name }) => name).join(", "), words, reason }, "reasonWithoutDashes")
        if (own !== null) findings.push(own)
      }
      if (named.length > 0) continue
      const own = word === undefined ? rules.own("unknown-suppression", file, span, span, {}, "unnamed") : rules.own("unknown-suppression", file, span, span, { word }, "unknownWord")
      if (own !== null) findings.push(own)
    }
    for (const { rule, span } of unused) {
      // Whether it silences something shows at the end of the history.
      if (isLate(rule) || sentences.has(span)) continue
      const own = rules.isKnown(rule)
        ? rules.isActive(rule) ? rules.own("unused-suppression", file, span, span, { rule }) : null
        : rules.own("unknown-suppression", file, span, span, { rule, suggestion: rules.suggest(rule) })
      if (own !== null) findings.push(own)
    }
  }
  return [...withRest(summedUp(withoutRejected(findings)))].sort((left, right) => left.span.start - right.span.start || left.span.end - right.span.end || (left.rule < right.rule ? -1 : 1))
}
