/** The actions of a statement that has several, as far as steps in the place of some of them have to repeat the others. */
import { effectsOf } from "../effects/index.ts"
import type { AffectedRelation } from "../effects/types.ts"
import { LOCK_MODES, type LockMode, type Operation } from "../parse/operation.ts"
import { nameNear } from "../playbook/near.ts"
import { addConstraints, setNotNull } from "../playbook/index.ts"
import { qualifiedName } from "../playbook/qualified.ts"
import { quoteName } from "../playbook/sql.ts"
import type { PlainName } from "../playbook/sql.ts"
import type { Step } from "../playbook/step.ts"
import { spelledBack } from "./holes.ts"
import { isEmptied } from "./questions/earlier.ts"
import { withItsDrops } from "./questions/predicates.ts"
import { afterColumns } from "./questions/swapped.ts"
import type { AnalyzedStatement, RuleContext } from "./rule.ts"
import type { Relation } from "../schema/catalog.ts"

/** A statement with several actions, as far as the steps of its findings may have to repeat some of them. */
export interface Actions {
  /** `ALTER TABLE IF EXISTS ONLY app.orders`. */
  readonly head: string
  readonly table: PlainName
  readonly actions: readonly Action[]
  /** Columns that are dropped have to go before a constraint comes that takes the place of what goes along with them. */
  readonly dropsFirst: boolean
  /** Steps in place of those that check rows or build indexes. */
  readonly checked: readonly Step[]
  /** Gives templates in the text their own spelling back. */
  readonly spelled: (steps: readonly Step[]) => readonly Step[]
}

/** One of its actions. */
export interface Action {
  readonly operation: Operation
  readonly text: string
  readonly mode: LockMode
  /** Other tables that it locks against writes. */
  readonly others: readonly { readonly table: string; readonly mode: LockMode }[]
  /**
   * It is not done in an instant, and no finding says so: SET NOT NULL, because another action rewrites the table anyway, or a constraint,
   * because the migration has emptied the table, while steps run where it has rows again.
   */
  readonly checks: boolean
  /** The columns of the constraint that DROP CONSTRAINT drops; null where they are not known. */
  readonly constrains: readonly string[] | null
}

/** One for all findings of a statement. */
const known = new WeakMap<AnalyzedStatement, Actions | null>()

export function actionsOf(context: RuleContext): Actions | null {
  let actions = known.get(context.current)
  if (actions === undefined) {
    actions = readActions(context)
    known.set(context.current, actions)
  }
  return actions
}

function readActions(context: RuleContext): Actions | null {
  const { statement } = context.current
  const [first] = statement.operations
  if (first === undefined || !("relation" in first) || !("missingOk" in first)) return null
  const { keyword, missingOk, only } = first
  const relation = qualifiedName(first.relation, context)
  const options = { pgVersion: context.pgVersion, text: context.text }
  const table = context.catalog.relation(first.relation)
  const tree = new Set(table === undefined ? [] : context.catalog.tree(table.id).map(({ id }) => id))
  const isOwn = ({ id, name }: AffectedRelation): boolean => (id === null ? name === relation.name : tree.has(id))
  const actions = statement.operations.map((operation): Action => {
    const { builds, locks, scans } = effectsOf({ ...statement, operations: withItsDrops(operation, context) }, context.catalog, options)
    return {
      operation,
      text: context.text(operation.span),
      mode: strongest(locks.map(({ mode }) => mode)),
      others: locks.flatMap(({ mode, relation: other }) =>
        isTable(other) && !isOwn(other) && LOCK_MODES.indexOf(mode) >= LOCK_MODES.indexOf("SHARE") ? [{ table: quoteName(nameNear(other, relation, context)), mode }] : [],
      ),
      checks: operation.op === "set not null" ? scans.length > 0 : isPlainConstraint(operation) && [...scans, ...builds].some((work) => isEmptied(work.relation, context)),
      constrains: operation.op === "drop constraint" && table !== undefined ? (context.catalog.constraint(table.id, operation.constraint.name)?.columns ?? null) : null,
    }
  })
  const checking = actions.flatMap(({ operation, checks }) => (checks ? [operation] : []))
  const required = checking.flatMap((operation) => (operation.op === "set not null" ? [operation.column] : []))
  const constraints = checking.flatMap((operation) => (operation.op === "add constraint" ? [{ constraint: operation.constraint, dropped: [] }] : []))
  return {
    head: `ALTER ${keyword.toUpperCase()} ${missingOk ? "IF EXISTS " : ""}${only ? "ONLY " : ""}${quoteName(relation)}`,
    table: { schema: relation.schema, name: relation.name },
    actions,
    dropsFirst: dropsFirst(statement.operations, table, context),
    checked: [
      ...(required.length === 0 ? [] : setNotNull({ table: relation, only, columns: required }, context)),
      ...(constraints.length === 0 ? [] : addConstraints({ table: relation, constraints }, afterColumns(relation, context).context)),
    ],
    spelled: spelledBack(context),
  }
}

/** What the recipe for constraints has steps for. */
function isPlainConstraint(operation: Operation): boolean {
  if (operation.op !== "add constraint") return false
  const { constraint } = operation
  switch (constraint.kind) {
    case "check":
    case "foreign key":
      return true
    case "unique":
    case "primary key":
      return constraint.usingIndex === null
    case "not null":
    case "exclude":
      return false
  }
}

function isTable({ kind }: AffectedRelation): boolean {
  return kind === "table" || kind === "partitioned table"
}

/** Whether a constraint takes the name of one that goes along with a column, or is the primary key in place of it. */
function dropsFirst(operations: readonly Operation[], table: Relation | undefined, { catalog }: RuleContext): boolean {
  const dropped = operations.flatMap((operation) => (operation.op === "drop column" ? [operation.column.name] : []))
  if (dropped.length === 0) return false
  const goes = ({ columns }: { readonly columns: readonly (string | null)[] }): boolean => columns.some((column) => column !== null && dropped.includes(column))
  const constraints = table === undefined ? [] : catalog.constraintsOf(table.id).filter(goes)
  const names = new Set([...constraints, ...(table === undefined ? [] : catalog.indexesOf(table.id).filter(goes))].map(({ name }) => name))
  const hasKey = table?.known !== true || constraints.some(({ kind }) => kind === "primary key")
  const added = operations.flatMap((operation) => (operation.op === "add constraint" ? [operation.constraint] : operation.op === "add column" ? operation.column.constraints : []))
  return added.some(({ kind, name }) => (name !== null && names.has(name.name)) || (kind === "primary key" && hasKey))
}

/** The strongest of lock modes. */
export function strongest(modes: readonly LockMode[]): LockMode {
  return LOCK_MODES[Math.max(0, ...modes.map((mode) => LOCK_MODES.indexOf(mode)))] ?? "ACCESS EXCLUSIVE"
}
