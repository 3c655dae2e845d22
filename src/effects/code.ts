import { parseBody, textReader, type ParsedBody } from "../parse/index.ts"
import type { EmbeddedStatement, Operation, OperationOf, Statement } from "../parse/operation.ts"
import type { FunctionCall } from "../parse/expression.ts"
import type { Name } from "../parse/name.ts"
import type { Catalog, FunctionInfo } from "../schema/catalog.ts"
import { quoteIdent } from "../schema/format.ts"
import { TEMP_SCHEMA } from "../schema/names.ts"
import { routineBody } from "../schema/routine-body.ts"
import { dropRelation } from "./dependents.ts"
import { build, createDraft, fail, finish, forbid, lock, lockNamed, NO_EFFECTS, rewrite, scan, uncertain, type Draft } from "./draft.ts"
import { forbiddenCommands } from "./other.ts"
import { functionsCalled } from "./volatility.ts"
import type { AffectedRelation, Effects } from "./types.ts"

/** The union of what the block's statements do; each is read by itself, against the catalog before the block. */
export function doBlock(operation: OperationOf<"do">, draft: Draft): void {
  const end = operation.statements.find(({ operations }) => operations.some(isTransaction))
  if (end !== undefined) forbid(draft, `a DO block with ${end.operations[0]?.op === "rollback" ? "ROLLBACK" : "COMMIT"}`)
  runStatements(draft, operation.statements, "a DO block", draft.text)
  if (operation.dynamic.length > 0) uncertain(draft, "what the block's dynamic SQL does")
}

function runStatements(draft: Draft, statements: readonly EmbeddedStatement[], where: string, text: Draft["text"]): void {
  const made = new Set<string>()
  // What the code sets tells what the names behind it mean.
  let { catalog } = draft
  for (const { operations, span, conditional } of statements) {
    const inner = draft.explain({ span, operations, holes: draft.statement.holes }, { ...draft, catalog, text, inCode: true })
    include(draft, inner, ({ relation }) => relation.id !== null || !made.has(relation.name))
    for (const operation of operations) {
      if (operation.op === "create table" || operation.op === "create table as") made.add(operation.table.name)
      if (!conditional) for (const set of settingsBy(operation)) catalog = catalog.under(set)
    }
    draft.unsupported ??= inner.unsupported
    if (inner.forbidden !== null) fail(draft, "25001", `${inner.forbidden}, and ${where} is always inside one`)
  }
  if (statements.some((statement) => statement.conditional))
    uncertain(draft, `which of the conditional statements in ${where} run`)
}

/** What a SET, or a call of set_config, sets. */
function settingsBy(operation: Operation): readonly Readonly<Record<string, string>>[] {
  if (operation.op === "set") return operation.value === null ? [] : [{ [operation.setting]: operation.setting === "search_path" ? operation.values.map(quoteIdent).join(", ") : operation.value }]
  if (operation.op !== "select") return []
  return operation.query.functions.flatMap(({ name, arguments: [setting, value] }) => (name === "set_config" && setting != null && value != null ? [{ [setting]: value }] : []))
}

/** What comes with the schema: names mean what it makes in there before anything else, and that one is taken, or missing, says nothing. */
export function createSchema({ elements, span }: OperationOf<"create schema">, draft: Draft): void {
  if (elements.length === 0) return
  const made = new Set(elements.flatMap((element) => madeBy(element)?.name ?? []))
  const changed: Partial<Draft["catalog"]> = {
    relation: (name) => (name.schema === null && made.has(name.name) ? undefined : draft.catalog.relation(name)),
    rulesOut: (name) => (name.schema !== null || !made.has(name.name)) && draft.catalog.rulesOut(name),
  }
  // What is not changed is inherited, so that nothing of a catalog is missing.
  const catalog = Object.assign(Object.create(draft.catalog) as Draft["catalog"], changed)
  for (const element of elements) {
    const inner = draft.explain({ span, operations: [element], holes: draft.statement.holes }, { ...draft, catalog })
    include(draft, inner, ({ relation }) => relation.id !== null || !made.has(relation.name))
    draft.unsupported ??= inner.unsupported
  }
}

/** The relation that an element of CREATE SCHEMA makes. */
export function madeBy(element: Operation): Name | null {
  switch (element.op) {
    case "create table":
      return element.table
    case "create view":
      return element.view
    case "create sequence":
      return element.sequence
    default:
      return null
  }
}

/** Adds what is done to relations that existed before, and what is not known. */
function include(draft: Draft, inner: Effects, existed: (of: { readonly relation: AffectedRelation }) => boolean = () => true): void {
  for (const { relation, mode, why } of inner.locks.filter(existed)) lock(draft, relation, mode, why)
  for (const { relation, why, assumed } of inner.rewrites.filter(existed)) rewrite(draft, relation, why, assumed)
  for (const { relation, why, assumed } of inner.scans.filter(existed)) scan(draft, relation, why, assumed)
  for (const { relation, why, assumed } of inner.builds.filter(existed)) build(draft, relation, why, assumed)
  for (const what of inner.uncertain) uncertain(draft, what)
}

/** Effects of CALL: those of the procedure's body. */
export function call(operation: OperationOf<"call">, draft: Draft): void {
  const procedures = draft.catalog.functions(operation.procedure).filter((known) => known.kind === "procedure")
  if (procedures.length === 0) {
    if (draft.catalog.complete) fail(draft, "42883", `procedure ${operation.procedure.name} does not exist`)
    else uncertain(draft, `what the procedure ${operation.procedure.name} does`)
    return
  }
  for (const procedure of procedures) {
    if (procedure.body !== null && /\b(commit|rollback)\b/i.test(procedure.body)) {
      forbid(draft, `CALL of ${procedure.name}, which ends transactions,`)
    }
    runBody(draft, procedure, operation.call)
  }
}

/** Effects of calling functions: a user's function does what its body does. */
export function callFunctions(draft: Draft, calls: readonly FunctionCall[]): void {
  // Immutable and stable functions read at most; what they read is looked at all the same.
  for (const call of calls) for (const known of functionsCalled(call, draft.catalog, draft.pgVersion)) runBody(draft, known, call)
}

/** Calls of calls are followed this far, before the stack ends. */
const DEEPEST_CALL = 50

function runBody(draft: Draft, routine: FunctionInfo, call: FunctionCall): void {
  const body = draft.depth === DEEPEST_CALL ? null : routineBody(routine, call)
  if (body === null) {
    if (routine.body !== null || routine.dependencies.length === 0) uncertain(draft, `what the ${routine.kind} ${routine.name} does`)
    return
  }
  // Calls of calls: a body that is read anew for each way to it takes as long as there are ways.
  let effects = draft.bodies.get(body)
  if (effects === undefined) {
    // While it is read, what it does is what its callers do already.
    draft.bodies.set(body, NO_EFFECTS)
    effects = effectsOfBody(draft, routine, body)
    draft.bodies.set(body, effects)
  }
  include(draft, effects)
  draft.unsupported ??= effects.unsupported
  if (effects.fails !== null) fail(draft, effects.fails.code, effects.fails.why)
}

function effectsOfBody(within: Draft, routine: FunctionInfo, body: ParsedBody): Effects {
  const draft = createDraft(within.statement, { ...within, catalog: within.catalog.under(routine.settings), depth: within.depth + 1 })
  const statements = body.statements.filter(({ operations }) => !operations.every(isTransaction))
  const reader = textReader("", NO_STATEMENTS)
  for (const { decoded } of body.statements) reader.add(decoded)
  runStatements(draft, statements, `the ${routine.kind} ${routine.name}`, reader.text)
  if (body.dynamic.length > 0) uncertain(draft, `what the ${routine.kind} ${routine.name} does`)
  return finish(draft)
}

const NO_STATEMENTS: readonly Statement[] = []

function isTransaction({ op }: { readonly op: string }): boolean {
  return op === "commit" || op === "rollback"
}

/** Of an argument of such a type nobody knows what it is before the function is called. */
const POLYMORPHIC = /^any(?:array|compatible\w*|element|enum|nonarray|range|multirange)$/

/**
 * The statements of an SQL function, whose body is looked at when it is made, unlike that of any other language (fmgr_sql_validator); and the
 * catalog as they see it.
 */
export function sqlBody(operation: OperationOf<"create function">, draft: Draft): { readonly statements: readonly EmbeddedStatement[]; readonly catalog: Catalog } {
  const catalog = draft.catalog.under(operation.settings)
  const isLookedAt = operation.language === "sql" && catalog.checksBodies && !operation.arguments.some(({ type, mode }) => mode !== "out" && mode !== "table" && POLYMORPHIC.test(type.name))
  return { statements: operation.body === null || !isLookedAt ? [] : parseBody(operation.body, "sql").statements, catalog }
}

/** Locks what the body of an SQL function names. */
export function lockSqlBody(operation: OperationOf<"create function">, draft: Draft): void {
  const { statements, catalog } = sqlBody(operation, draft)
  for (const { operations } of statements) {
    for (const inner of operations) {
      if (
        inner.op !== "select" &&
        inner.op !== "insert" &&
        inner.op !== "update" &&
        inner.op !== "delete" &&
        inner.op !== "merge"
      )
        continue
      for (const name of inner.query.reads) mention({ ...draft, catalog }, name, "ACCESS SHARE")
      for (const name of inner.query.rowLocks) mention({ ...draft, catalog }, name, "ROW SHARE")
      for (const write of inner.query.writes) mention({ ...draft, catalog }, write.table, "ROW EXCLUSIVE")
      if (inner.op !== "select") mention({ ...draft, catalog }, inner.table, "ROW EXCLUSIVE")
    }
  }
}

function mention(draft: Draft, name: Name, mode: "ACCESS SHARE" | "ROW SHARE" | "ROW EXCLUSIVE"): void {
  // A parameter may hide behind an unknown name; CREATE FUNCTION itself tells whether the body fits.
  if (draft.catalog.relation(name) !== undefined || !draft.catalog.rulesOut(name)) lockNamed(draft, name, mode)
}

/** Effects of commands that are kept by name: some may not run in a transaction. */
export function other(operation: OperationOf<"other">, draft: Draft): void {
  const words = forbiddenCommands.get(operation.command)
  if (words !== undefined) forbid(draft, words)
  if (operation.command !== "discard temp" && operation.command !== "discard all") return
  for (const relation of draft.catalog.relations()) if (relation.schema === TEMP_SCHEMA) dropRelation(draft, relation, true, null)
}

/** Rows are looked for in tables at the other end of a foreign key when others are changed. */
const OF_FOREIGN_KEY = /^(?:the|its) foreign key /

/** Partitions, children and the tables above them are opened when a query is planned. */
const OF_TREE = /^(?:inherits from|partition of) | is its partition$/

/** What hangs on rows, or on whether there are any, shows only when a query runs. */
const UNTIL_RUN = / has not been populated$/

/** Planning a query takes the locks of the relations it names, with all that is below them, and nothing else; PREPARE only looks them up. */
export function plan({ operations, as }: OperationOf<"plan">, draft: Draft): void {
  const inner = draft.explain({ ...draft.statement, operations }, draft)
  for (const { relation, mode, why } of inner.locks) {
    const isLater = relation.kind === "sequence" || (why !== null && (OF_FOREIGN_KEY.test(why) || (as !== null && OF_TREE.test(why))))
    if (!isLater) lock(draft, relation, mode, why)
  }
  if (inner.fails !== null && !(inner.fails.code.startsWith("23") || UNTIL_RUN.test(inner.fails.why))) draft.fails ??= inner.fails
  draft.unsupported ??= inner.unsupported
}
