import { exists, lineOf, operationsOf, written } from "../src/engine/questions/predicates.ts"
import {
  lostByAction,
  lostByConstraint,
  lostByIndex,
  otherIdentity,
  publicationsOf,
  replacementOf,
  staysUnique,
  type LostIdentity,
  type Replacement,
} from "../src/engine/questions/replica-identity.ts"
import { defineRule, type Problem, type RuleContext } from "../src/engine/rule.ts"
import { counted, list } from "../src/engine/words.ts"
import type { OperationOf } from "../src/parse/operation.ts"
import { keepReplicaIdentity, replacePrimaryKey } from "../src/playbook/index.ts"
import { quoteIdent } from "../src/schema/index.ts"
import type { Span } from "../src/source/span.ts"

export default defineRule({
  id: "replica-identity-lost",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "Without a replica identity, UPDATE and DELETE on a published table fail.",
    what:
      "Reports DROP CONSTRAINT of a primary key without a new one in the same transaction, the drop of the index that is " +
      "the replica identity, and REPLICA IDENTITY NOTHING.",
    why:
      "Logical replication needs to know which row was changed. On a published table without a replica identity, every UPDATE " +
      "and DELETE fails (SQLSTATE 55000). Without the key, nothing keeps its columns unique either.",
    instead:
      "Build the new key's unique index concurrently, then drop the old key and ADD PRIMARY KEY USING INDEX in one ALTER " +
      "TABLE. If the table is to have no key, choose another index, or REPLICA IDENTITY FULL, before the key goes.",
    silent:
      "On new, temporary and unlogged tables, where REPLICA IDENTITY FULL or another index identifies the rows, and on tables that " +
      "the same migration drops or renames.",
    references: [
      "https://www.postgresql.org/docs/current/logical-replication-publication.html",
      "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY",
    ],
  },
  messages: {
    lost: "{what} leaves {table} without a replica identity{until}: UPDATE and DELETE on it fail {where}",
    key: "{what} leaves {table} without a replica identity{until}: UPDATE and DELETE on it fail {where}, and nothing keeps {columns} unique",
  },
  operations: ["drop constraint", "replica identity", "drop"],
  *check(statement, context) {
    if (statement.conditional) return
    for (const operation of operationsOf(statement, "drop constraint")) {
      const lost = lostByConstraint(operation, context)
      const what = `dropping ${lost?.by === "index" ? "constraint" : "primary key"} ${written(operation.constraint, context)}`
      yield* problem(lost, what, operation.span, operation.constraint.name, operation, context)
    }
    for (const operation of operationsOf(statement, "replica identity")) {
      yield* problem(lostByAction(operation, context), written(operation, context), operation.span, null, null, context)
    }
    for (const { kind, objects } of operationsOf(statement, "drop")) {
      if (kind !== "index") continue
      for (const object of objects) {
        yield* problem(lostByIndex(object.name, context), `dropping index ${written(object, context)}`, object.span, object.name.name, null, context)
      }
    }
  },
})

/** `gone`: the name of the constraint or index that goes. */
function* problem(
  lost: LostIdentity | null,
  what: string,
  span: Span,
  gone: string | null,
  dropped: OperationOf<"drop constraint"> | null,
  context: RuleContext,
): Iterable<Problem> {
  if (lost === null || !exists(lost.table, context) || !isReplicated(lost)) return
  const replacement = replacementOf(lost, context)
  if (replacement === "settled") return
  const publications = publicationsOf(lost, context)
  const { file, sql } = context
  const columns = lost.columns === null ? "its key" : list(lost.columns.map(quoteIdent))
  yield {
    span,
    message: gone === null || staysUnique(lost, gone, context) ? "lost" : "key",
    data: {
      what,
      table: dropped === null && gone !== null && lost.relation !== undefined ? context.display(lost.relation) : written(lost.table, context),
      until: replacement === null ? "" : ` until ${lineOf({ statement: replacement.statement, file, sql }, context)}`,
      where: publications.length > 0 ? `while ${counted("publication", publications.map(quoteIdent))} publishes them` : "where it is published for logical replication",
      columns,
    },
    ...stepsFor(lost, replacement, gone, dropped, context),
  }
}

/** Only permanent tables are (docs: Publication). */
function isReplicated({ relation }: LostIdentity): boolean {
  return relation === undefined || (relation.persistence === "permanent" && (relation.kind === "table" || relation.kind === "partitioned table"))
}

function stepsFor(
  lost: LostIdentity,
  replacement: Replacement | null,
  gone: string | null,
  dropped: OperationOf<"drop constraint"> | null,
  context: RuleContext,
): Pick<Problem, "steps" | "replaces"> {
  const { statement, within } = context.current
  if (within !== null || gone === null || lost.relation?.kind === "partitioned table") return {}
  if (replacement?.key != null && dropped !== null && statement.operations.length === 1) {
    const build = buildOf(replacement, context)
    const { constraint, ifExists, cascade } = dropped
    if (build === "missing") return {}
    return {
      steps: replacePrimaryKey({ table: lost.table, dropped: { name: constraint.name, ifExists, cascade }, key: replacement.key, build, comesLater: true }, context),
      replaces: [dropped, ...replacement.statement.operations, ...(build === null ? [] : [build])],
    }
  }
  const other = replacement === null ? otherIdentity(lost, gone, context) : undefined
  const [only, ...more] = statement.operations
  if (other === undefined || only === undefined || more.length > 0 || (only.op === "drop" && only.objects.length > 1)) return {}
  const isPrimary = other.constraint !== null && context.catalog.constraintById(other.constraint)?.kind === "primary key"
  const drop = only.op === "drop" ? only : `${context.text(statement.span)};`
  return { steps: keepReplicaIdentity({ table: lost.table, index: isPrimary ? null : other.name, drop }, context) }
}

/** The statement that builds the index which the new key uses, where that is not there yet. `missing`: what the key needs is not known. */
function buildOf({ key, before, statement }: Replacement, { catalog }: RuleContext): OperationOf<"create index"> | null | "missing" {
  if (key === null || statement.operations.length > 1) return "missing"
  const name = key.usingIndex?.name
  if (name === undefined) {
    const added = before.some(({ operations }) => operations.some(({ op }) => op === "add column" || op === "rename column" || op === "alter column type"))
    return added ? "missing" : null
  }
  if (catalog.index({ schema: null, name }) !== undefined) return null
  for (const { operations } of before) for (const operation of operations) if (operation.op === "create index" && operation.index?.name === name) return operation
  return "missing"
}
