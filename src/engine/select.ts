import type { Operation } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"
import type { Finding, Severity } from "./finding.ts"
import { fill } from "./message.ts"
import { nearest } from "../source/nearest.ts"
import type { Rule } from "./rule.ts"

/** What the user wants of the rules. */
export interface RuleSelection {
  /** Rule ids or presets; absent: the `recommended` preset. */
  readonly select?: readonly string[] | undefined
  /** Rule ids or presets to leave out. */
  readonly ignore?: readonly string[] | undefined
  /** Severities by rule id; "off" leaves the rule out, another value also turns an opt-in rule on. */
  readonly severities?: Readonly<Record<string, Severity | "off">> | undefined
}

/** A rule that is on, with the severity that it has for the user. */
export interface ActiveRule {
  readonly rule: Rule
  readonly severity: Severity
}

/** The rules that are on. */
export interface ActiveRules {
  /** Rules that want to see a statement with these operations. */
  for(operations: readonly Operation[]): readonly ActiveRule[]
  /** Rules that look at a whole file. */
  readonly wholeFile: readonly ActiveRule[]
  isKnown(id: string): boolean
  isActive(id: string): boolean
  /** The known rule id nearest to a mistyped one, as the end of a sentence (`; did you mean "x"?`), or "". */
  suggest(id: string): string
  /** A finding that the engine itself makes with a rule's id and message; null when the rule is off. */
  own(id: string, file: string, span: Span, statement: Span, data: Readonly<Record<string, string>>, message?: string): Finding | null
}

/** The presets; `all` holds every rule. */
export const PRESETS = ["recommended", "strict", "style", "all"] as const

/** Rule ids and presets of a selection that do not exist; a severity is one rule's. */
export function unknownNames(rules: readonly Rule[], { select = [], ignore = [], severities = {} }: RuleSelection): string[] {
  const isRule = (name: string): boolean => rules.some(({ id }) => id === name)
  return [...[...select, ...ignore].filter((name) => !isPreset(name) && !isRule(name)), ...Object.keys(severities).filter((name) => !isRule(name))]
}

/** The rules of a selection. */
export function activate(rules: readonly Rule[], selection: RuleSelection): ActiveRules {
  const active = new Map<string, ActiveRule>()
  for (const rule of rules) {
    const severity = severityOf(rule, selection)
    if (severity !== null) active.set(rule.id, { rule, severity })
  }
  const everywhere = [...active.values()].filter(({ rule }) => rule.operations === undefined)
  const byOperation = new Map<string, readonly ActiveRule[]>()
  const forOperation = (op: Operation["op"]): readonly ActiveRule[] => {
    const known = byOperation.get(op)
    if (known !== undefined) return known
    const wanted = [...active.values()].filter(({ rule }) => rule.operations?.includes(op) ?? true)
    byOperation.set(op, wanted)
    return wanted
  }
  return {
    for(operations) {
      const first = operations[0]
      if (first === undefined) return everywhere
      const wanted = forOperation(first.op)
      if (operations.length === 1) return wanted
      const all = new Set(wanted)
      for (const operation of operations) for (const rule of forOperation(operation.op)) all.add(rule)
      return all.size === wanted.length ? wanted : [...all]
    },
    wholeFile: [...active.values()].filter(({ rule }) => rule.checkFile !== undefined),
    isKnown: (id) => rules.some((rule) => rule.id === id),
    isActive: (id) => active.has(id),
    suggest(id) {
      const close = nearest(id, rules.map((rule) => rule.id))
      return close === undefined ? "" : `; did you mean "${close}"?`
    },
    own(id, file, span, statement, data, message) {
      const found = active.get(id)
      if (found === undefined) return null
      const { messages } = found.rule
      const template = (message === undefined ? Object.values(messages)[0] : messages[message]) ?? ""
      return {
        rule: id,
        severity: found.severity,
        message: fill(template, data),
        why: null,
        file,
        span,
        statement,
        locks: [],
        fix: null,
        steps: [],
        replaces: null,
        related: [],
        uncertain: [],
        removes: [],
        onlyIfUsed: false,
        rejected: false,
        changes: [],
      }
    },
  }
}

function severityOf(rule: Rule, { select, ignore = [], severities = {} }: RuleSelection): Severity | null {
  const wanted = (names: readonly string[]): boolean => names.includes(rule.id) || names.includes("all") || rule.presets.some((preset) => names.includes(preset))
  const configured = severities[rule.id]
  if (ignore.includes(rule.id) || (wanted(ignore) && select?.includes(rule.id) !== true)) return null
  if (select !== undefined && !wanted(select)) return null
  if (configured === "off") return select?.includes(rule.id) === true ? rule.severity : null
  if (select === undefined && configured === undefined && !rule.presets.includes("recommended")) return null
  return configured ?? rule.severity
}

function isPreset(name: string): boolean {
  return (PRESETS as readonly string[]).includes(name)
}
