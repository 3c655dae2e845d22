/** How a tool is told to run something outside its transaction: as an edit of the file, and as a note of steps. */
import type { Runner, Unit, UnitSwitch } from "../../files/types.ts"
import type { Statement } from "../../parse/operation.ts"
import type { Step } from "../../playbook/step.ts"
import type { Fix, FixEdit } from "../finding.ts"
import type { RuleContext } from "../rule.ts"
import { holdsLocks } from "../transaction.ts"

/**
 * Writes the directive that turns the tool's transaction off, in the exact place; in exchange for one without effect, if there
 * is one. Null when the tool has no directive, when it works already, or when it would not help: in a tool that sends a file in
 * one message, next to other statements.
 */
export function switchOff(statement: Statement, context: RuleContext): Fix | null {
  const { runner, sql } = context
  const unit = context.unitOf(statement)
  if (runner !== null && unit?.offSwitch !== undefined) return unit.wrap === "none" ? null : written(unit, unit.offSwitch, context)
  if (runner === null || unit === null || runner.offSwitch.kind !== "directive") return null
  const { place, oneStatementOnly } = runner.offSwitch
  if (place === undefined || unit.directive?.effective === true || (unit.wrap === "none" && unit.directive === undefined)) return null
  const alone = statementsOf(unit, context).length === 1
  if (oneStatementOnly && !alone) return null
  const from = place.within === "file" ? 0 : unit.start
  const edits: FixEdit[] = []
  const old = unit.directive === undefined ? null : lineAround(sql, unit.directive.span.start)
  const flaw = old === null || place.flawed === undefined ? null : place.flawed.exec(sql.slice(old.start, old.end))
  const target = from + (place.after.exec(sql.slice(from))?.[0].length ?? 0)
  if (old !== null && flaw !== null && old.start <= target && target <= old.end) {
    const start = old.start + flaw.index
    edits.push({ span: { start, end: start + flaw[0].length }, text: place.insert })
  } else {
    edits.push({ span: { start: target, end: target }, text: place.insert, ...(place.exact === true && { exact: true }) })
    if (old !== null) edits.push({ span: { start: old.start, end: Math.min(old.end + 1, sql.length) }, text: "" })
  }
  return turnedOff(runner, alone, merged(edits))
}

/** What is written into the part of the file itself. */
function written(unit: Unit, { at, text }: UnitSwitch, context: RuleContext): Fix | null {
  const { runner } = context
  return runner && turnedOff(runner, statementsOf(unit, context).length === 1, [{ span: { start: at, end: at }, text }])
}

function turnedOff({ name }: Runner, alone: boolean, edits: Fix["edits"]): Fix {
  return { applicability: alone ? "safe" : "unsafe", title: `Turn off the transaction of ${name}`, edits }
}

/** The statements that the tool runs together. */
export function statementsOf({ start, end }: Unit, { statements }: RuleContext): readonly Statement[] {
  return statements.filter(({ span }) => span.start >= start && span.start < end)
}

function lineAround(sql: string, offset: number): { readonly start: number; readonly end: number } {
  const start = sql.lastIndexOf("\n", offset - 1) + 1
  const end = sql.indexOf("\n", offset)
  return { start, end: end < 0 ? sql.length : end }
}

/** Edits at the same place as one. */
function merged(edits: Fix["edits"]): Fix["edits"] {
  const [insert, removal] = edits
  if (insert === undefined || removal === undefined || insert.span.start !== removal.span.start) return edits
  return [{ span: removal.span, text: insert.text + removal.text }]
}

/** Says in the steps that cannot run in a transaction how the tool of the file is told so, unless it finds that out by itself. */
export function withSwitch(steps: readonly Step[], { runner, current, unitOf }: RuleContext): readonly Step[] {
  if (runner === null || runner.wrap === "none" || runner.wrap === "unknown" || !holdsLocks(current.transaction)) return steps
  const { how } = unitOf(current.statement)?.offSwitch ?? runner.offSwitch
  return steps.map((step) => (needsSwitch(step, how, runner) ? { ...step, note: noted(`With ${runner.name}: ${how}.`, step.note) } : step))
}

function needsSwitch({ transaction, sql, note }: Step, how: string, { detects }: Runner): boolean {
  if (transaction || sql === "" || how === "") return false
  // The note of a finding about the transaction has it already, as a sentence.
  if (note?.includes(how.slice(1)) === true) return false
  return detects?.patterns.some((pattern) => pattern.test(sql)) !== true
}

function noted(sentence: string, note: string | null): string {
  return note === null ? sentence : `${sentence} ${note}`
}
