import { lineOf, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { isEnabledBefore, otherTables, restOfRowSecurity, type RestOfRowSecurity } from "../src/engine/questions/row-security.ts"
import { defineRule, type AnalyzedStatement, type Problem, type RuleContext } from "../src/engine/rule.ts"
import { list } from "../src/engine/words.ts"
import type { Name, Statement } from "../src/parse/operation.ts"
import { orderRowSecurity, replacePolicies } from "../src/playbook/index.ts"
import type { Policy, Relation } from "../src/schema/catalog.ts"

export default defineRule({
  id: "row-security-hides-rows",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "Row security without a policy hides every row of a table.",
    what:
      "Reports ENABLE and FORCE ROW LEVEL SECURITY on an existing table that has no policy and gets none in the same " +
      "transaction, and DROP POLICY of the last policy of a table whose row security is enabled. Policies AS RESTRICTIVE " +
      "do not count: they show no row by themselves.",
    why:
      "Without a policy nothing is allowed: all roles except the owner, superusers and those with BYPASSRLS see no row, " +
      "their UPDATE and DELETE find none, without an error, and INSERT fails. FORCE does the same to the owner.",
    instead:
      "Create the policies that running code needs first, or in the same transaction, and enable row security last. " +
      "Replace a policy in one transaction, or by ALTER POLICY.",
    silent:
      "On new tables, on tables that have a policy or may have one, on partitions, whose rows are still seen through their " +
      "parent, and where row security is enabled already.",
    references: [
      "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
      "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ROW-LEVEL-SECURITY",
    ],
  },
  messages: {
    enabled: "{since}, {roles} see no row of {tables} and can insert none: row security without a {kind} allows nothing",
    dropped: "{since}, {roles} see no row of {table} and can insert none: {policy} is its last {kind}, and its row security is enabled",
  },
  operations: ["row level security", "drop"],
  *check(statement, context) {
    if (statement.conditional) return
    yield* restricted(statement, context)
    yield* withoutPolicy(statement, context)
  },
})

/** ENABLE and FORCE; where there are both, ENABLE is reported for both. */
function* restricted(analyzed: AnalyzedStatement, context: RuleContext): Iterable<Problem> {
  const { catalog } = context
  const actions = operationsOf(analyzed, "row level security")
  const enable = actions.find(({ action }) => action === "enable")
  const force = actions.find(({ action }) => action === "force")
  const name = (enable ?? force)?.relation
  const table = name && catalog.relation(name)
  if (name === undefined || (table !== undefined && (hasPermissive(table, context) || isLeftAlone(table, context)))) return
  const isNews = table?.forceRowSecurity !== true && !isEnabledBefore(name, context)
  const operation = table?.rowSecurity !== true ? enable : isNews ? force : undefined
  const rest = operation && restOfRowSecurity(name, context)
  if (operation === undefined || rest == null) return
  // A table that was not seen whole may have policies, unless it is given the first one too late.
  if (!isSeenWhole(table, context) && (!rest.makesPolicy || rest.changesPolicies)) return
  const others = rest.remedy === null && operation === enable ? otherTables(name, context) : { before: [], behind: () => [] }
  // What a file does to several tables is one decision, which is reported once.
  if (others.before.some((other) => isHidden(other, context))) return
  const hidden = [...new Set([name, ...others.behind().filter((other) => context.catalog.relation(other)?.rowSecurity === false && isHidden(other, context))].map((one) => written(one, context)))]
  const forced = table?.forceRowSecurity === true || force !== undefined || rest.forced
  const sql = (statement: Statement): string => `${context.text(statement.span)};`
  const isRestriction = ({ operations }: Statement): boolean => operations.some(({ op }) => op === "row level security")
  yield {
    span: operation.span,
    message: "enabled",
    data: { ...words(rest, forced, context), kind: kindOfMissing(rest, table, context), tables: list(hidden) },
    steps: isMovable(rest, context)
      ? orderRowSecurity({
          table: name,
          policies: rest.statements.filter((one) => !isRestriction(one)).map(sql),
          restrictions: [analyzed.statement, ...rest.statements.filter(isRestriction)].map(sql),
        }, context)
      : [],
    replaces: analyzed.statement.operations,
  }
}

/** Whether the table has no policy and gets none. */
function isHidden(name: Name, context: RuleContext): boolean {
  const table = context.catalog.relation(name)
  if (!isSeenWhole(table, context) || isLeftAlone(table, context) || hasPermissive(table, context)) return false
  const rest = restOfRowSecurity(name, context)
  return rest !== null && rest.remedy === null
}

/** DROP POLICY of the last one. */
function* withoutPolicy(analyzed: AnalyzedStatement, context: RuleContext): Iterable<Problem> {
  for (const { kind, objects } of operationsOf(analyzed, "drop")) {
    const [object] = objects
    if (kind !== "policy" || object?.table == null) continue
    const table = context.catalog.relation(object.table)
    if (!isSeenWhole(table, context) || !table.rowSecurity || isLeftAlone(table, context)) continue
    const policies = permissiveOf(table, context)
    const rest = policies.length === 1 && policies[0]?.name === object.name.name ? restOfRowSecurity(object.table, context) : null
    if (rest === null) continue
    yield {
      span: object.name.span,
      message: "dropped",
      data: { ...words(rest, table.forceRowSecurity, context), kind: kindOfMissing(rest, table, context), table: written(object.table, context), policy: written(object.name, context) },
      steps: isMovable(rest, context)
        ? replacePolicies({ table: object.table, statements: [analyzed.statement, ...rest.statements].map(({ span }) => `${context.text(span)};`) }, context)
        : [],
    }
  }
}

/** The policies that can show rows (docs: CREATE POLICY, PERMISSIVE and RESTRICTIVE). */
function permissiveOf({ id }: Relation, { catalog }: RuleContext): readonly Policy[] {
  return catalog.policiesOf(id).filter(({ restrictive }) => !restrictive)
}

function hasPermissive(table: Relation, context: RuleContext): boolean {
  return permissiveOf(table, context).length > 0
}

/** What the table lacks: where it has, or gets, policies of the other kind, that has to be said. */
function kindOfMissing({ makesRestrictive }: RestOfRowSecurity, table: Relation | undefined, { catalog }: RuleContext): string {
  const has = table !== undefined && catalog.policiesOf(table.id).some(({ restrictive }) => restrictive)
  return has || makesRestrictive ? "permissive policy" : "policy"
}

/** Whether all policies of the table are listed. */
function isSeenWhole(table: Relation | undefined, { catalog }: RuleContext): table is Relation {
  return table?.known === true && !catalog.isDoubtful(table.name)
}

/** Running code does not know the table yet, or reads it through its parent, whose policies then count alone. */
function isLeftAlone(table: Relation, context: RuleContext): boolean {
  return context.isNew(table) || table.created?.deploy === context.deploy || table.partition !== null
}

/** Statements in code cannot be taken out of it. */
function isMovable({ makesPolicy }: RestOfRowSecurity, { current }: RuleContext): boolean {
  return makesPolicy && current.within === null
}

function words({ remedy }: RestOfRowSecurity, forced: boolean, context: RuleContext): Readonly<Record<"since" | "roles", string>> {
  const { file, sql } = context
  return {
    since: remedy === null ? "from here on" : `until ${lineOf({ statement: remedy, file, sql }, context)}`,
    roles: forced ? "all roles, even the owner, except superusers and those with BYPASSRLS," : "all roles except the owner, superusers and those with BYPASSRLS",
  }
}
