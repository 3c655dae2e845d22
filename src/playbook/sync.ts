import type { Relation } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import type { Compared } from "./difference.ts"
import type { Names } from "./names.ts"
import type { PlainName } from "./sql.ts"
import type { Step } from "./step.ts"
import { quoteIdent } from "../schema/format.ts"
import { differs, isSet } from "./difference.ts"
import { nameNear } from "./near.ts"
import { beside, dollarQuote, quoteName } from "./sql.ts"
import { brief, inTransaction, joinNotes } from "./steps.ts"

/** A row trigger that keeps columns in step while their rows are written. */
export interface Sync {
  readonly table: PlainName
  /** Where the trigger has to be: the table, or its partitions. */
  readonly on: readonly PlainName[]
  readonly trigger: string
  readonly function: PlainName
  /** Clauses of CREATE FUNCTION that give it settings of its own. */
  readonly settings: readonly string[]
}

/** The trigger that keeps the columns in step, by names that are free. */
export function syncOf(table: PlainName, columns: readonly string[], names: Names, context: RecipeContext, settings: readonly string[] = []): Sync {
  return { table, on: triggerTables(table, context), trigger: names.trigger(columns), function: beside(table, names.function(columns, "sync")), settings }
}

/**
 * The trigger with its first function body. It runs BEFORE the row is written and only changes NEW: one write, no
 * recursion. Its name sorts behind other triggers', so that it sees what they made of the row (docs: CREATE TRIGGER,
 * Notes).
 *
 * @param before ALTER TABLEs that belong into the same transaction.
 */
export function createSync(sync: Sync, body: string, title: string, note: string | null, before: readonly string[] = []): Step {
  const name = quoteName(sync.function)
  const [first = sync.table] = sync.on
  return brief(
    { deploy: "expand", title, note: joinNotes(note, first === sync.table ? null : ON_PARTITIONS) },
    first,
    before.length === 0 ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE",
    ...before,
    createFunction(sync, body),
    ...sync.on.flatMap((table) => [
      `CREATE TRIGGER ${quoteIdent(sync.trigger)}`,
      `  BEFORE INSERT OR UPDATE ON ${quoteName(table)}`,
      `  FOR EACH ROW EXECUTE FUNCTION ${name}();`,
    ]),
  )
}

const ON_PARTITIONS =
  "Before PostgreSQL 13 a partitioned table takes no BEFORE trigger for rows: its partitions have it, and new ones need " +
  "it too."

/**
 * BEFORE triggers for rows of a partitioned table exist from 13 on (release notes of 13). Those of a table that others inherit from do not see
 * the rows of the others.
 */
function triggerTables(table: PlainName, context: RecipeContext): readonly PlainName[] {
  const relation = context.catalog.relation(table)
  if (relation === undefined) return [table]
  const near = (one: Relation): PlainName => nameNear(one, table, context)
  const others = context.catalog.tree(relation.id).filter(({ id, kind }) => id !== relation.id && kind === "table")
  if (relation.kind !== "partitioned table") return [table, ...others.map(near)]
  return context.pgVersion >= 13 || others.length === 0 ? [table] : others.map(near)
}

/** Another body for the same trigger: no table is locked. */
export function replaceSync(sync: Sync, body: string, title: string, note: string | null): Step {
  return inTransaction({ deploy: "migrate", title, note }, null, createFunction(sync, body))
}

function createFunction(sync: Sync, body: string): string {
  return (
    `CREATE OR REPLACE FUNCTION ${quoteName(sync.function)}() RETURNS trigger\nLANGUAGE plpgsql ${sync.settings.map((setting) => `${setting}\n`).join("")}AS ` +
    `${dollarQuote(body)};`
  )
}

/** The statements that take it away again, under ACCESS EXCLUSIVE. */
export function dropSync(sync: Sync): string[] {
  return [
    ...sync.on.map((table) => `DROP TRIGGER ${quoteIdent(sync.trigger)} ON ${quoteName(table)};`),
    `DROP FUNCTION ${quoteName(sync.function)}();`,
  ]
}

/** What a column is to hold, in terms of NEW. */
export interface Assignment {
  readonly to: string
  readonly value: string
}

/** Only the columns that are assigned to are kept in step. */
export function oneWay(assignments: readonly Assignment[]): string {
  const lines = assignments.map(({ to, value }) => `  NEW.${quoteIdent(to)} := ${value};\n`)
  return `BEGIN\n${lines.join("")}  RETURN NEW;\nEND`
}

/**
 * Both columns are kept equal while code that writes either of them runs; what is written to `to` wins.
 *
 * On INSERT nothing tells a column that was left out from one that was given its default: `unset` is the value that
 * `to` has when it was left out.
 */
export function bothWays(from: string, to: string, unset: string | null, compared: Compared): string {
  const left = `NEW.${quoteIdent(from)}`
  const right = `NEW.${quoteIdent(to)}`
  const given = unset === null ? isSet(right, compared) : differs(right, unset, compared)
  return `BEGIN
  IF TG_OP = 'INSERT' THEN
    IF ${given} THEN
      ${left} := ${right};
    ELSE
      ${right} := ${left};
    END IF;
  ELSIF ${differs(right, `OLD.${quoteIdent(to)}`, compared)} THEN
    ${left} := ${right};
  ELSIF ${differs(left, `OLD.${quoteIdent(from)}`, compared)} THEN
    ${right} := ${left};
  END IF;
  RETURN NEW;
END`
}
