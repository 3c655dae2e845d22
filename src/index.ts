/**
 * pgsafe's public API. `lint()` takes migrations as text and returns what `pgsafe lint --format json` prints; it reads no disk,
 * starts no process and uses no network. (The grammar's WebAssembly file, which ships with the package, is loaded on first use.)
 */
import { rules } from "../rules/index.ts"
import { explainEffects, type EffectsInput, type StatementEffects } from "./effects/public.ts"
import { checkEffectsInput } from "./engine/check-input.ts"
import { lintWith } from "./engine/lint.ts"
import type { LintInput } from "./engine/lint-input.ts"
import type { LintResult } from "./engine/result.ts"
import { withGrammar } from "./parse/grammar/load-node.ts"

/**
 * Lints migrations given as text.
 *
 * @throws {TypeError} when the input has another form than its type says, or a name that pgsafe does not know.
 * @throws {RangeError} when an option has a value that pgsafe does not know, or a path is given twice.
 * @throws {SyntaxError} when the sizes are none.
 */
export function lint(input: LintInput): LintResult {
  const start = performance.now()
  const result = withGrammar(() => lintWith(rules, input))
  return { ...result, summary: { ...result.summary, durationMs: Math.round(performance.now() - start) } }
}

/**
 * What each statement locks, rewrites, scans and builds in a database that `schema` made, on one PostgreSQL major.
 *
 * @throws {TypeError} when the input has another form than its type says.
 * @throws {RangeError} when `pgVersion` is not a major from 11 to 18.
 * @throws {Error} when `schema` has a syntax error.
 */
export function effects(input: EffectsInput): StatementEffects[] {
  checkEffectsInput(input)
  return withGrammar(() => explainEffects(input))
}

export { rules }
export { defineRule } from "./engine/rule.ts"
export type { AnalyzedStatement, Problem, Rule, RuleContext, RuleDocs } from "./engine/rule.ts"
export type { EffectsInput, StatementEffects, StatementLock } from "./effects/public.ts"
export type { InputFile, InputSize, LintInput, LintOptions } from "./engine/lint-input.ts"
export type { LintResult, ResultError, ResultFinding, ResultFix, ResultSummary } from "./engine/result.ts"
export type { Severity } from "./engine/finding.ts"
export type { Step } from "./playbook/step.ts"
