/** What single nodes add to what a walk finds, without a walk of their own. */
import type { JoinExpr, LockingClause, Node, RangeVar, SQLValueFunction } from "@pgsql/types"
import type { Context } from "./context.ts"
import { identifierName } from "../../source/lexer.ts"
import { isKeyword } from "../../source/tokens.ts"
import { lowerValueFunction } from "./calls.ts"
import { added, NOWHERE, type Collected, type QueryWrite } from "./collected.ts"
import { EMPTY, identifierList, tokenAt, tokensOf } from "./context.ts"
import { eachFromItem, isCte } from "./from-items.ts"
import { lowerRelation } from "./names.ts"
import { lastString } from "./nodes.ts"
import { scoped } from "./scopes.ts"

/** What a sub-query or function in FROM goes by. */
export function noteDerived(into: Collected, alias: string | undefined): void {
  if (alias !== undefined) into.aliases = added(into.aliases, { alias, table: null })
}

export function noteOperator(into: Collected, operator: string): void {
  if (into.detailed && !into.operators.includes(operator)) into.operators = added(into.operators, operator)
}

export function noteOperators(into: Collected, names: readonly Node[] | undefined): void {
  const operator = lastString(names)
  if (operator !== null) noteOperator(into, operator)
}

export function noteValueFunction(into: Collected, context: Context, form: SQLValueFunction): void {
  into.constant = false
  into.functions = added(into.functions, lowerValueFunction(context, form))
}

export function noteRead(into: Collected, context: Context, relation: RangeVar): void {
  const alias = relation.alias?.aliasname
  if (isCte(into, relation)) {
    into.aliases = added(into.aliases, { alias: alias ?? relation.relname ?? "", table: null })
    return
  }
  const table = lowerRelation(context, relation)
  into.reads = added(into.reads, table)
  if (alias !== undefined) into.aliases = added(into.aliases, { alias, table })
}

/** The columns of `JOIN right USING (...)`, which have no location. */
export function noteUsing(into: Collected, context: Context, names: readonly string[], { larg: left, rarg: right }: JoinExpr): void {
  const owners = [left, right].flatMap((side) => (side !== undefined && "RangeVar" in side ? [scoped(context, side.RangeVar).alias] : []))
  const tokens = tokensOf(context)
  let at = right !== undefined && "RangeVar" in right ? tokenAt(context, right.RangeVar.location) : 0
  while (at < tokens.count && !(isKeyword(tokens, at, "using") && identifierName(tokens, at + 2) === names[0])) at++
  for (const { name, span } of identifierList(tokens, names, at + 2, tokens.count)) {
    if (owners.length < 2) into.columns = added(into.columns, { table: null, column: name, span })
    for (const table of owners) {
      const column = { table, column: name, span }
      into.columns = added(into.columns, column)
      if (owners.length === 2 && into.level !== null && into.level !== NOWHERE) into.level.columns = added(into.level.columns, column)
    }
  }
}

export function noteRowLocks(
  into: Collected,
  context: Context,
  clause: LockingClause,
  from: readonly Node[] | undefined,
): void {
  const named = clause.lockedRels
  for (const item of from ?? EMPTY) {
    eachFromItem(item, (relation, alias) => {
      if (named !== undefined && !named.some((locked) => "RangeVar" in locked && locked.RangeVar.relname === alias))
        return
      if (!isCte(into, relation)) into.rowLocks = added(into.rowLocks, lowerRelation(context, relation))
    })
  }
}

export function noteWrite(into: Collected, context: Context, op: QueryWrite["op"], table: RangeVar | undefined, where: boolean): void {
  into.constant = false
  into.writes = added(into.writes, { op, table: lowerRelation(context, table), where })
}
