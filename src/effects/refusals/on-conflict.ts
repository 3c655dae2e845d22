import type { OperationOf } from "../../parse/operation.ts"
import type { Index, Relation } from "../../schema/catalog.ts"
import { identifierName, lex } from "../../source/lexer.ts"
import { tokenText, type Tokens } from "../../source/tokens.ts"
import { fail, type Draft } from "../draft.ts"
import { isSystemColumn } from "./columns.ts"

/** The target of `ON CONFLICT`: which expressions are in it is not known, nor more of one with operator classes, collations or a WHERE. */
type Target = { readonly kind: "constraint"; readonly name: string } | { readonly kind: "columns"; readonly names: readonly string[] } | { readonly kind: "none" | "expressions" | "unknown" }

const NO_ARBITER = "there is no unique or exclusion constraint matching the ON CONFLICT specification"

/** ON CONFLICT needs a constraint that is there, or a unique index over just the columns that it names. */
export function refuseConflict(operation: OperationOf<"insert">, relation: Relation, draft: Draft): void {
  const text = draft.text(operation.span)
  const target = targetOf(text)
  const inserts = operation.rows > 0 || /\bdefault\s+values\b/i.test(text)
  const constraints = draft.catalog.constraintsOf(relation.id)
  if (target.kind === "columns") refuseTarget(relation, target.names, inserts, draft)
  else if (target.kind === "expressions") {
    const computed = draft.catalog.indexesOf(relation.id).some(({ unique, predicate, expressions }) => unique && predicate === null && expressions.length > 0)
    if (!computed && draft.catalog.isCertain(relation) && relation.known) fail(draft, "42P10", NO_ARBITER)
  }
  else if (target.kind === "constraint") {
    const constraint = constraints.find(({ name }) => name === target.name)
    if (constraint === undefined) fail(draft, "42704", `constraint "${target.name}" for table "${relation.name}" does not exist`)
    else if (constraint.deferrable && inserts) fail(draft, "55000", `ON CONFLICT does not support the deferrable constraint "${target.name}" as arbiter`)
  } else if (target.kind === "none" && operation.onConflict === "nothing" && inserts) {
    // Without a target every unique index decides, and one that is checked later cannot.
    const late = constraints.find((one) => one.deferrable && one.index !== null)
    if (late !== undefined) fail(draft, "55000", `ON CONFLICT does not support the deferrable constraint "${late.name}" as arbiter`)
  }
}

function targetOf(insert: string): Target {
  const tokens = lex(insert)
  const word = (at: number): string => tokenText(tokens, at).toLowerCase()
  const at = conflictAt(tokens) + 2
  if (word(at) === "do") return { kind: "none" }
  const constraint = word(at) === "on" && word(at + 1) === "constraint" ? identifierName(tokens, at + 2) : undefined
  if (constraint !== undefined) return { kind: "constraint", name: constraint }
  const names: string[] = []
  for (let next = at; word(next) === (next === at ? "(" : ","); next += 2) {
    const name = identifierName(tokens, next + 1)
    if (name === undefined) break
    names.push(name)
    if (word(next + 2) === ")") return word(next + 3) === "do" ? { kind: "columns", names } : { kind: "unknown" }
  }
  return hasExpressions(tokens, at) ? { kind: "expressions" } : { kind: "unknown" }
}

/** Whether there are brackets in the brackets of a target that no WHERE follows. */
function hasExpressions(tokens: Tokens, from: number): boolean {
  let depth = 0
  let inner = false
  for (let at = from; at < tokens.count; at += 1) {
    const token = tokenText(tokens, at)
    if (token === "(" && ++depth > 1) inner = true
    if (token === ")" && --depth === 0) return inner && tokenText(tokens, at + 1).toLowerCase() === "do"
  }
  return false
}

/** Where ON CONFLICT stands; one within parentheses belongs to an INSERT in a WITH. */
function conflictAt(tokens: Tokens): number {
  let depth = 0
  for (let index = 0; index < tokens.count; index += 1) {
    const token = tokenText(tokens, index)
    if (token === ")") depth -= 1
    else if (token === "(") depth += 1
    else if (depth === 0 && /^on$/i.test(token) && /^conflict$/i.test(tokenText(tokens, index + 1))) return index
  }
  return tokens.count
}

/** A unique index has to have just these columns, in whatever order (infer_arbiter_indexes). */
function refuseTarget(relation: Relation, columns: readonly string[], inserts: boolean, draft: Draft): void {
  const { catalog } = draft
  const missing = columns.find((name) => catalog.column(relation, name) === undefined && !isSystemColumn(name))
  if (missing !== undefined) return fail(draft, "42703", `column "${missing}" does not exist`)
  if (!catalog.isCertain(relation)) return
  const wanted = new Set(columns)
  const fits = ({ unique, predicate, columns: keys }: Index): boolean =>
    unique && predicate === null && keys.every((key) => key !== null && wanted.has(key)) && new Set(keys).size === wanted.size
  const arbiters = catalog.indexesOf(relation.id).filter(fits)
  if (arbiters.length === 0) fail(draft, "42P10", NO_ARBITER)
  const late = arbiters.find(({ constraint }) => constraint !== null && catalog.constraintById(constraint)?.deferrable === true)
  if (late !== undefined && inserts) fail(draft, "55000", `ON CONFLICT does not support the deferrable constraint "${late.name}" as arbiter`)
}
