/** The name of a function in expressions, which PostgreSQL knows by its identity. */
import type { Column, Constraint, Index, UserType } from "./catalog.ts"
import { updateRelation } from "./columns.ts"
import { quoteIdent } from "./format.ts"
import { columnRecord } from "./records.ts"
import { put, setConstraint, setIndex, type Store } from "./store.ts"

/** A function of one schema was called `from`: what calls it says so. Where another function has that name as well, nobody knows which of them is called. */
export function followFunctionName(store: Store, from: string, to: string): void {
  if (from === to || [...store.functions.values()].some((names) => names.has(from))) return
  for (const { id, columns } of [...store.relations.values()]) {
    if (columns.some((column) => column.default?.functions.includes(from) === true || column.generated?.functions.includes(from) === true))
      updateRelation(store, id, (relation) => ({ ...relation, columns: relation.columns.map((column) => columnRecord(inColumn(column, from, to))) }))
    for (const index of store.indexesByTable.get(id) ?? []) if (index.functions.includes(from)) setIndex(store, inIndex(index, from, to))
    for (const constraint of store.constraintsByTable.get(id) ?? [])
      if (constraint.expression?.functions.includes(from) === true) setConstraint(store, inConstraint(constraint, from, to))
  }
  for (const type of [...store.types.values()]) inDomain(store, type, from, to)
}

function inDomain(store: Store, type: UserType, from: string, to: string): void {
  if (type.kind !== "domain" || !type.checks.some(({ functions }) => functions.includes(from))) return
  const checks = type.checks.map((check) => ({ ...check, text: inText(check.text, from, to), functions: renamed(check.functions, from, to) }))
  put(store, store.types, type.id, { ...type, checks })
}

function inColumn(column: Column, from: string, to: string): Column {
  return { ...column, default: inExpression(column.default, from, to), generated: inExpression(column.generated, from, to) }
}

function inIndex(index: Index, from: string, to: string): Index {
  return {
    ...index,
    functions: renamed(index.functions, from, to),
    expressions: index.expressions.map((text) => inText(text, from, to)),
    predicate: index.predicate === null ? null : { ...index.predicate, text: inText(index.predicate.text, from, to) },
  }
}

function inConstraint(constraint: Constraint, from: string, to: string): Constraint {
  return { ...constraint, expression: inExpression(constraint.expression, from, to) }
}

function inExpression<T extends { readonly text: string; readonly functions: readonly string[] }>(expression: T | null, from: string, to: string): T | null {
  return expression === null ? null : { ...expression, text: inText(expression.text, from, to), functions: renamed(expression.functions, from, to) }
}

function renamed(functions: readonly string[], from: string, to: string): readonly string[] {
  return functions.map((name) => (name === from ? to : name))
}

const CALLED = /'(?:[^']|'')*'|("(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)(?=\s*\()/g

/** The expression's text with the function's new name; strings are left alone. */
function inText(text: string, from: string, to: string): string {
  return text.replace(CALLED, (token, called: string | undefined) => {
    if (called === undefined) return token
    const name = called.startsWith('"') ? called.slice(1, -1).replaceAll('""', '"') : called.toLowerCase()
    return name === from ? quoteIdent(to) : token
  })
}
