import type { LockMode, Operation } from "../parse/operation.ts"
import { DEPLOYS } from "../playbook/step.ts"
import { alsoLocked, brief, joinNotes, recipe } from "../playbook/steps.ts"
import type { Step } from "../playbook/step.ts"
import { actionsOf, strongest, type Action, type Actions } from "./actions.ts"
import type { Finding } from "./finding.ts"
import type { RuleContext } from "./rule.ts"
import type { Span } from "../source/span.ts"

/** What the steps of a finding stand in for. */
export interface Replaced {
  readonly operations: readonly Operation[]
  /** Null where the statement has but one action. */
  readonly among: Actions | null
}

/** The operations that a problem's steps replace: those that it names, or those that it points into. */
export function replacedBy({ start, end }: Span, replaces: readonly Operation[] | undefined, context: RuleContext): Replaced {
  const { operations } = context.current.statement
  const named = replaces ?? operations.filter(({ span }) => span.start <= start && end <= span.end)
  return { operations: named, among: operations.length > 1 && replaces?.length !== 0 ? actionsOf(context) : null }
}

/**
 * Whoever runs the steps of findings in place of an ALTER TABLE with several actions would lose the actions that no finding has steps
 * for: the first finding says them before its steps, the last one behind.
 */
export function withRest(findings: readonly Finding[]): readonly Finding[] {
  const covered = new Set([...findings.filter((finding) => isCovered(finding, findings)), ...doneBefore(findings), ...repeated(findings)])
  const alone = covered.size === 0 ? findings : findings.map((finding) => (covered.has(finding) ? { ...finding, steps: [], replaces: null } : finding))
  const statements = new Map<Actions, Finding[]>()
  for (const finding of alone) {
    const among = finding.steps.length === 0 ? null : (finding.replaces?.among ?? null)
    if (among === null) continue
    const others = statements.get(among)
    if (others === undefined) statements.set(among, [finding])
    else others.push(finding)
  }
  if (statements.size === 0) return alone
  const completed = new Map<Finding, Finding>()
  for (const [actions, members] of statements) complete(actions, members, completed)
  return alone.map((finding) => completed.get(finding) ?? finding)
}

/** Whether the steps of another finding replace all that its own do, and more: DROP COLUMN a, ADD COLUMN a. */
function isCovered({ replaces }: Finding, findings: readonly Finding[]): boolean {
  if (replaces === null || replaces.among === null || replaces.operations.length === 0) return false
  return findings.some(
    ({ replaces: other }) =>
      other !== null &&
      other.among === replaces.among &&
      other.operations.length > replaces.operations.length &&
      replaces.operations.every((operation) => other.operations.includes(operation)),
  )
}

/** Findings of statements that the steps of an earlier one have taken the place of, as those of DROP INDEX do for the CREATE INDEX to come. */
function doneBefore(findings: readonly Finding[]): readonly Finding[] {
  const done = new Set<Operation>()
  for (const { replaces, statement, steps } of findings) {
    if (steps.length > 0 && replaces !== null) for (const operation of replaces.operations) if (operation.span.start >= statement.end) done.add(operation)
  }
  if (done.size === 0) return []
  return findings.filter(({ replaces, statement }) => {
    const own = replaces?.operations ?? []
    return own.length > 0 && own.every((operation) => done.has(operation) && operation.span.start < statement.end)
  })
}

/**
 * Findings whose steps a later one of the same statement has, too: run twice they would fail, or take back what the others did. Or whose
 * steps only run the statement elsewhere, while another one has steps in its place.
 */
function repeated(findings: readonly Finding[]): readonly Finding[] {
  const ofStatement = new Map<number, Finding[]>()
  for (const finding of findings) {
    if (finding.steps.length === 0) continue
    const others = ofStatement.get(finding.statement.start)
    if (others === undefined) ofStatement.set(finding.statement.start, [finding])
    else others.push(finding)
  }
  return [...ofStatement.values()].flatMap((members) => {
    const ordered = bySpan(members)
    return ordered.filter((finding, position) =>
      ordered.some((other, at) => other !== finding && ((hasAll(other, finding) && (at > position || !hasAll(finding, other))) || (isMove(finding) && isInPlace(other)))),
    )
  })
}

/** Steps that run the statement as it is, outside the transaction that forbids it. */
function isMove({ replaces, steps }: Finding): boolean {
  return replaces?.operations.length === 0 && steps.every(({ transaction }) => !transaction)
}

function isInPlace({ replaces }: Finding): boolean {
  return (replaces?.operations.length ?? 0) > 0
}

function bySpan(findings: readonly Finding[]): readonly Finding[] {
  return findings.length === 1 ? findings : [...findings].sort((left, right) => left.span.start - right.span.start)
}

function hasAll({ steps }: Finding, other: Finding): boolean {
  return other.steps.every(({ title, sql }) => steps.some((step) => step.title === title && step.sql === sql))
}

function complete(actions: Actions, members: readonly Finding[], completed: Map<Finding, Finding>): void {
  const ordered = bySpan(members)
  for (const [finding, last] of [...columnsLast(ordered, actions), ...columnsFirst(ordered)]) {
    completed.set(last, { ...last, steps: [...(completed.get(last) ?? last).steps, ...(completed.get(finding) ?? finding).steps] })
    completed.set(finding, { ...finding, steps: [] })
  }
  const stepsNow = (finding: Finding): readonly Step[] => (completed.get(finding) ?? finding).steps
  const replaced = new Set(ordered.flatMap(({ replaces }) => replaces?.operations ?? []))
  const gone = new Set([...replaced].flatMap((operation) => (operation.op === "drop column" ? [operation.column.name] : [])))
  const rest = actions.actions.filter(({ operation }) => !replaced.has(operation))
  // With a key in the place of one that goes along with a column.
  const isHeldUp = ({ operation }: Action): boolean => actions.dropsFirst && operation.op === "add constraint"
  const first = rest.filter((action) => comesFirst(action.operation, [...replaced]) && !isHeldUp(action))
  const changed = new Set(first.flatMap(({ operation }) => (operation.op === "alter column type" ? [operation.column.name] : [])))
  const before = rest.filter((action) => first.includes(action) || makesWay(action, changed) || (gone.size > 0 && mayGoAlong(action)))
  // The constraints of a column have gone along with it.
  const behind = rest.filter((action) => !before.includes(action) && action.constrains?.some((column) => gone.has(column)) !== true)
  const withSteps = ordered.filter((finding) => stepsNow(finding).length > 0)
  const [opening] = withSteps
  const last = withSteps.at(-1)
  if (opening === undefined || last === undefined || rest.length === 0) return
  if (before.length > 0) completed.set(opening, { ...opening, steps: [...stepOf(actions, before, "expand", "first"), ...stepsNow(opening)] })
  const steps = stepsNow(last)
  if (behind.length === 0) return
  const checks = behind.filter((action) => action.checks)
  const woven = checks.some(({ operation }) => mayDepend(operation, [...replaced])) ? [] : checks
  const later = behind.filter((action) => !woven.includes(action))
  const whole = woven.length === 0 ? steps : weave(steps, stepOf(actions, woven, "expand", "too"))
  completed.set(last, { ...last, steps: [...whole, ...stepOf(actions, later, whole.at(-1)?.deploy ?? "expand", "too")] })
}

/** Whether a column has to be rid of something before it gets another type: a default that does not fit, a constraint that would be checked. */
function makesWay({ operation, constrains }: Action, changed: ReadonlySet<string>): boolean {
  if (operation.op === "drop default") return changed.has(operation.column.name)
  return operation.op === "drop constraint" && constrains?.some((column) => changed.has(column)) === true
}

/** Whether a constraint may be one of a column that goes. */
function mayGoAlong({ operation, constrains }: Action): boolean {
  return operation.op === "drop constraint" && constrains === null
}

/** Whether a check of a column has to come behind the others, which may make the column, or see to NOT NULL themselves. */
function mayDepend(operation: Operation, replaced: readonly Operation[]): boolean {
  const columns = constrained(operation)
  return replaced.some((other) => {
    switch (other.op) {
      case "alter column type":
      case "set default":
      case "drop default":
      case "set not null":
        return false
      case "add column":
        return columns.includes(other.column.name.name)
      default:
        return true
    }
  })
}

/** Steps that do not depend on the others, each in its deploy. */
function weave(steps: readonly Step[], others: readonly Step[]): readonly Step[] {
  const at = (deploy: Step["deploy"]): number => {
    const next = steps.findIndex((step) => DEPLOYS.indexOf(step.deploy) > DEPLOYS.indexOf(deploy))
    return next < 0 ? steps.length : next
  }
  const placed = others.map((step) => ({ step, at: at(step.deploy) }))
  return [...steps, null].flatMap((step, position) => [...placed.filter((one) => one.at === position).map((one) => one.step), ...(step === null ? [] : [step])])
}

/**
 * A column that is given up goes last: until then code may use it, and other steps go through the table by its keys. Constraints that the
 * statement drops with others in their place are replaced before it, too.
 */
function columnsLast(ordered: readonly Finding[], { dropsFirst: first }: Actions): Moved[] {
  const does = ({ replaces }: Finding, op: Operation["op"]): boolean => replaces?.operations.some((operation) => operation.op === op) === true
  const last = first ? ordered.findLast((finding) => does(finding, "drop constraint")) : ordered.at(-1)
  if (last === undefined) return behindDrops(ordered, does)
  return ordered.slice(0, ordered.indexOf(last)).flatMap((finding): Moved[] => (does(finding, "drop column") && !does(finding, "add column") ? [[finding, last]] : []))
}

/** What takes the place of constraints that go along with columns, of which nobody knows enough to replace them before. */
function behindDrops(ordered: readonly Finding[], does: (finding: Finding, op: Operation["op"]) => boolean): Moved[] {
  const last = ordered.findLast((finding) => does(finding, "drop column"))
  if (last === undefined) return []
  return ordered.slice(0, ordered.indexOf(last)).flatMap((finding): Moved[] => (does(finding, "add constraint") ? [[finding, last]] : []))
}

/** Constraints of columns that come, or get another type, with the same statement: the server does those first, wherever they stand. */
function columnsFirst(ordered: readonly Finding[]): Moved[] {
  return ordered.flatMap((finding, position): Moved[] => {
    const columns = new Set(finding.replaces?.operations.flatMap(constrained))
    const last = columns.size === 0 ? undefined : ordered.findLast((other, at) => at > position && other.replaces?.operations.some((operation) => shapes(operation, columns)))
    return last === undefined ? [] : [[finding, last]]
  })
}

/** A finding, and the one that its steps come behind. */
type Moved = readonly [finding: Finding, last: Finding]

function constrained(operation: Operation): readonly string[] {
  if (operation.op === "set not null") return [operation.column.name]
  if (operation.op !== "add constraint") return []
  const { constraint } = operation
  switch (constraint.kind) {
    case "check":
      return constraint.expression.columns.map(({ column }) => column)
    case "not null":
      return [constraint.column.name]
    case "foreign key":
      return constraint.columns.map(({ name }) => name)
    case "unique":
    case "primary key":
      return [...constraint.columns, ...constraint.include].map(({ name }) => name)
    case "exclude":
      return []
  }
}

function shapes(operation: Operation, columns: ReadonlySet<string>): boolean {
  if (operation.op === "add column") return columns.has(operation.column.name.name)
  return operation.op === "alter column type" && columns.has(operation.column.name)
}

function stepOf(among: Actions, actions: readonly Action[], deploy: Step["deploy"], when: "first" | "too"): readonly Step[] {
  const instant = actions.filter(({ checks }) => !checks)
  const others = instant.length < actions.length ? among.checked : []
  return among.spelled([...(instant.length === 0 ? [] : together(among, instant, deploy, when)), ...others])
}

function together({ head, table }: Actions, actions: readonly Action[], deploy: Step["deploy"], when: "first" | "too"): readonly Step[] {
  const one = actions.length === 1
  const title = `Run the other ${one ? "action" : "actions"} of the statement ${when}`
  const note =
    when === "first"
      ? `What follows replaces the other part of the statement.`
      : `What came before replaces the other part of the statement.`
  const mode = strongest(actions.map((action) => action.mode))
  const texts = actions.map(({ text }) => text)
  const sql = one ? `${head} ${texts.join("")};` : `${head}\n  ${texts.join(",\n  ")};`
  return recipe([brief({ deploy, title, note: joinNotes(note, ...locksOf(actions, mode)) }, table, mode, sql)])
}

/** The other tables that the actions lock, each in its strongest mode. */
function locksOf(actions: readonly Action[], own: LockMode): (string | null)[] {
  const others = actions.flatMap((action) => action.others)
  const tables = [...new Set(others.map(({ table }) => table))].map((table) => ({ table, mode: strongest(others.flatMap((one) => (one.table === table ? [one.mode] : []))) }))
  return [...new Set(tables.map(({ mode }) => mode))].map((mode) => alsoLocked(tables.flatMap((one) => (one.mode === mode ? [one.table] : [])), mode === own ? null : mode))
}

/** Whether an action has to run before those that the steps replace, or does better there. */
function comesFirst(operation: Operation, replaced: readonly Operation[]): boolean {
  if (replaced.every(({ op }) => op === "validate constraint")) return true
  switch (operation.op) {
    case "add column":
      // DROP COLUMN a, ADD COLUMN a
      return !replaced.some((other) => other.op === "drop column" && other.column.name === operation.column.name.name)
    case "drop column":
      return replaced.some((other) => other.op === "add column" && other.column.name.name === operation.column.name)
    case "set default":
      return !replaced.some(
        (other) =>
          (other.op === "add column" && other.column.name.name === operation.column.name) ||
          (other.op === "alter column type" && other.column.name === operation.column.name),
      )
    case "alter column type":
      // Behind them, their CHECKs would be checked again under its lock.
      return isLast(replaced) || replaced.some((other) => constrained(other).includes(operation.column.name))
    default:
      return isLast(replaced)
  }
}

/** A column that is given up is the last to go. */
function isLast(replaced: readonly Operation[]): boolean {
  return replaced.every(({ op }) => op === "drop column")
}
