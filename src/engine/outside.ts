import type { Runner } from "../files/types.ts"
import type { Step } from "../playbook/step.ts"
import type { RuleContext } from "./rule.ts"
import { holdsLocks } from "./transaction.ts"

/** Says in the steps that cannot run in a transaction how the tool of the file is told so, unless it finds that out by itself. */
export function withSwitch(steps: readonly Step[], { runner, current }: RuleContext): readonly Step[] {
  if (runner === null || runner.wrap === "none" || runner.wrap === "unknown" || !holdsLocks(current.transaction)) return steps
  const { how } = runner.offSwitch
  return steps.map((step) => (needsSwitch(step, runner) ? { ...step, note: noted(`With ${runner.name}: ${how}.`, step.note) } : step))
}

function needsSwitch({ transaction, sql, note }: Step, { offSwitch, detects }: Runner): boolean {
  if (transaction || sql === "" || offSwitch.how === "") return false
  // The note of a finding about the transaction has it already, as a sentence.
  if (note?.includes(offSwitch.how.slice(1)) === true) return false
  return detects?.patterns.some((pattern) => pattern.test(sql)) !== true
}

function noted(sentence: string, note: string | null): string {
  return note === null ? sentence : `${sentence} ${note}`
}
