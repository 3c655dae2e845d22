import type { Effects } from "../effects/types.ts"
import { quoteIdent } from "../schema/format.ts"
import type { Finding, FixEdit, RelatedLocation } from "./finding.ts"
import { respelled } from "./holes.ts"
import { fill } from "./message.ts"
import { withSwitch } from "./questions/switch-off.ts"
import { replacedBy } from "./rest.ts"
import type { AnalyzedStatement, Problem, Rule, RuleContext } from "./rule.ts"
import type { ActiveRule } from "./select.ts"
import type { Plan } from "./together.ts"
import type { Span } from "../source/span.ts"

/** A rule's problem with a statement as what the user gets to see. `plan`: where its steps are those of other problems, too. */
export function toFinding(active: ActiveRule, problem: Problem, current: AnalyzedStatement, context: RuleContext, plan?: Plan): Finding {
  return respelled(findingOf(active, problem, current, context, plan), context)
}

function findingOf({ rule, severity }: ActiveRule, problem: Problem, current: AnalyzedStatement, context: RuleContext, plan: Plan | undefined): Finding {
  const made = plan?.steps ?? (typeof problem.steps === "function" ? problem.steps() : problem.steps)
  const steps = made === undefined ? [] : withSwitch(made, context)
  const fix = typeof problem.fix === "function" ? problem.fix() : (problem.fix ?? null)
  return {
    rule: rule.id,
    severity: problem.severity ?? severity,
    message: fill(messageOf(rule, problem.message), problem.data),
    why: fill(rule.docs.why, problem.data),
    file: context.file,
    span: context.placeOf(problem.span),
    statement: context.placeOf(current.statement.span),
    locks: problem.locks ?? context.locks(),
    fix: fix !== null && fix.edits.every(({ span }) => isWritten(span, context)) ? { ...fix, edits: fix.edits.map((edit) => indented(edit, context.sql)) } : null,
    steps,
    // Advice for the whole statement stands in for none of its parts.
    replaces: steps.length === 0 || rule.yields === true ? null : replacedBy(problem.span, plan?.replaces ?? problem.replaces, context),
    related: [...(problem.related ?? []), ...writtenIn(current)].map((one) => ("span" in one && one.file === context.file ? { ...one, span: context.placeOf(one.span) } : one)),
    uncertain: isCostly(current.effects) ? current.effects.uncertain : [],
    removes: problem.removes ?? [],
    onlyIfUsed: problem.onlyIfUsed === true,
    rejected: problem.rejected === true,
    changes: problem.changes ?? [],
  }
}

/** Where the statement is written that a function of another file runs. */
function writtenIn({ file, routine }: AnalyzedStatement): RelatedLocation[] {
  const made = routine?.created ?? null
  return routine === null || made === null || made.file === file ? [] : [{ file: made.file, span: made.span, message: `\`${quoteIdent(routine.name)}()\` is made here` }]
}

/** Whether the file can be edited there: not where SQL stands in it with escapes. */
function isWritten(span: Span, { placeOf }: RuleContext): boolean {
  return placeOf(span) === span
}

/** Lines that are put in front of a statement begin as its own does, and end as those of the file do. */
function indented(edit: FixEdit, sql: string): FixEdit {
  const { span: { start, end }, text } = edit
  if (start !== end || edit.exact === true || !text.endsWith("\n")) return edit
  const line = sql.lastIndexOf("\n", start - 1) + 1
  const before = sql.slice(line, start)
  const newline = sql.charAt((line === 0 ? sql.indexOf("\n") : line - 1) - 1) === "\r" ? "\r\n" : "\n"
  return { ...edit, text: text.replaceAll("\n", /^[ \t]*$/.test(before) ? newline + before : newline) }
}

/** What is not known matters where it decides about work under the lock; of mere locks the finding shows those that are certain. */
function isCostly({ rewrites, scans, builds }: Effects): boolean {
  return rewrites.length > 0 || scans.length > 0 || builds.length > 0
}

function messageOf(rule: Rule, key: string): string {
  const message = rule.messages[key]
  if (message === undefined) throw new Error(`rule ${rule.id} has no message "${key}"`)
  return message
}
