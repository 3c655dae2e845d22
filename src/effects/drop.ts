import type { DroppedObject, Name, OperationOf } from "../parse/operation.ts"
import type { ColumnType, FunctionInfo, ObjectId, Relation, StatisticsObject, UserType } from "../schema/catalog.ts"
import { quoteIdent } from "../schema/format.ts"
import { callsFunction } from "../schema/policies.ts"
import { handlesType } from "../schema/type-names.ts"
import { nameOfUser, usersByCast, type TypeUser } from "../schema/type-users.ts"
import { isUnknownType } from "../schema/types.ts"
import { affected, affectedType, fail, failWithout, isSystem, lock, lockIndex, lockNamed, refuseAbsent, uncertain, unlisted, type Draft } from "./draft.ts"
import { dropColumn, dropRelation } from "./dependents.ts"
import { typesOfExtensions } from "./extension-types.ts"
import { dropIndexes } from "./indexes.ts"
import { ofExtension } from "./refusals/columns.ts"
import { mayBe } from "./refusals/kinds.ts"
import { rulesOutType } from "./refusals/types.ts"
import { columnType } from "./type-change.ts"
import { copiesOf } from "./triggers.ts"
import { builtinSince } from "./volatility.ts"

/** Effects of DROP. */
export function drop(operation: OperationOf<"drop">, draft: Draft): void {
  switch (operation.kind) {
    case "table":
    case "view":
    case "materialized view":
    case "sequence":
    case "foreign table":
      dropRelations(operation, operation.kind, draft)
      return
    case "index":
      dropIndexes(operation, draft)
      return
    case "trigger":
    case "rule":
    case "policy":
      for (const object of operation.objects) dropFromTable(operation, operation.kind, object, draft)
      return
    case "type":
    case "domain":
      for (const object of operation.objects) dropType(operation, object, draft)
      return
    case "function":
    case "procedure":
    case "routine":
    case "aggregate":
      for (const object of operation.objects) dropFunction(operation, object, draft)
      return
    case "schema":
      for (const object of operation.objects) dropSchema(operation, object.name.name, draft)
      return
    case "statistics":
      for (const object of operation.objects) dropStatistics(operation, object, draft)
      return
    case "extension":
      for (const object of operation.objects) dropExtension(operation, object.name.name, draft)
      return
    default:
  }
}

function dropRelations(
  operation: OperationOf<"drop">,
  kind: "table" | "view" | "materialized view" | "sequence" | "foreign table",
  draft: Draft,
): void {
  const { catalog } = draft
  const dropped = new Set<number>()
  const found: Relation[] = []
  for (const { name } of operation.objects) {
    const relation = catalog.relation(name)
    if (relation !== undefined) {
      found.push(relation)
      if (!mayBe(relation, kind)) fail(draft, "42809", `"${relation.name}" is not a ${kind}`)
      if (kind === "sequence" && relation.ownedBy !== null) refuseOwned(draft, relation, operation.cascade)
      continue
    }
    if (!refuseAbsent(draft, name, kind, operation.ifExists) && !isSystem(name)) {
      lock(draft, unlisted(draft, name, kind), "ACCESS EXCLUSIVE")
      if (kind === "table")
        uncertain(
          draft,
          `the foreign keys of ${name.name}: the tables they reference are locked ACCESS EXCLUSIVE as well`,
        )
    }
  }
  for (const relation of found) {
    if (kind === "table" && !relation.known) {
      uncertain(
        draft,
        `the foreign keys of ${relation.name}: the tables they reference are locked ACCESS EXCLUSIVE as well`,
      )
    }
    lock(draft, affected(relation), "ACCESS EXCLUSIVE")
  }
  for (const relation of found) {
    const together = new Set([
      ...dropped,
      ...found.filter((other) => other.id !== relation.id).map((other) => other.id),
    ])
    const blocker = dropRelation(draft, relation, operation.cascade, null, together)
    if (blocker !== null && !operation.cascade)
      fail(draft, "2BP01", `cannot drop ${relation.kind} ${quoteIdent(relation.name)} because ${blocker}`)
  }
}

/** The sequence of an identity column goes only with the column. */
function refuseOwned(draft: Draft, sequence: Relation, cascade: boolean): void {
  const owner = sequence.ownedBy === null ? undefined : draft.catalog.relationById(sequence.ownedBy.relation)
  const column = owner === undefined ? undefined : draft.catalog.column(owner, sequence.ownedBy?.column ?? "")
  if (
    column !== undefined &&
    owner !== undefined &&
    (sequence.ownedBy?.identity === true || (!cascade && column.default?.sequence === sequence.id))
  ) {
    fail(
      draft,
      "2BP01",
      `cannot drop sequence ${quoteIdent(sequence.name)} because the column ${quoteIdent(column.name)} of table ${quoteIdent(owner.name)} needs it`,
    )
  }
}

function dropFromTable(
  operation: OperationOf<"drop">,
  kind: "trigger" | "rule" | "policy",
  object: DroppedObject,
  draft: Draft,
): void {
  const { catalog } = draft
  if (object.table === null) return
  const relation = catalog.relation(object.table)
  if (relation === undefined) {
    lockNamed(draft, object.table, "ACCESS EXCLUSIVE", "table", operation.ifExists)
    return
  }
  const { name } = object.name
  const existing =
    kind === "trigger"
      ? catalog.triggersOf(relation.id)
      : kind === "policy"
        ? catalog.policiesOf(relation.id)
        : catalog.rulesOf(relation.id)
  if (!existing.some((one) => one.name === name) && relation.known && catalog.isCertain(relation)) {
    // Not finding it takes only the lock of a look.
    if (!operation.ifExists) fail(draft, "42704", `${kind} "${name}" for table "${relation.name}" does not exist`)
    return
  }
  lock(draft, affected(relation), "ACCESS EXCLUSIVE")
  if (kind !== "trigger") return
  const parent = relation.partition === null ? undefined : catalog.relationById(relation.partition.parent)
  if (parent !== undefined && catalog.triggersOf(relation.id).some((one) => one.name === name && one.copyOf !== null))
    fail(draft, "2BP01", `cannot drop trigger ${quoteIdent(name)} of ${quoteIdent(relation.name)}: it comes from ${quoteIdent(parent.name)}`)
  for (const [member] of copiesOf(catalog, relation, name)) lock(draft, affected(member), "ACCESS EXCLUSIVE", `partition of ${relation.name}`)
}

function dropType(operation: OperationOf<"drop">, object: DroppedObject, draft: Draft): void {
  const { catalog } = draft
  const type = catalog.type(object.name)
  if (type === undefined) {
    if (!operation.ifExists && (rulesOutType(object.name, catalog))) failWithout(draft, "type", object.name, "42704", `type "${object.name.name}" does not exist`)
    if (!catalog.complete && operation.cascade)
      uncertain(draft, `the columns of type ${object.name.name}: their tables are locked ACCESS EXCLUSIVE`)
    return
  }
  if (operation.kind === "domain" && type.kind !== "domain") fail(draft, "42809", `"${type.name}" is not a domain`)
  dropUsersOf(operation, type, draft)
}

function dropUsersOf(operation: OperationOf<"drop">, type: UserType, draft: Draft): void {
  const { catalog } = draft
  if (type.kind === "composite") lock(draft, affectedType(type), "ACCESS EXCLUSIVE")
  for (const table of catalog.relations()) {
    if (table.ofType !== type.id) continue
    if (operation.cascade) dropRelation(draft, table, true, `a table of the type ${type.name}`)
    else fail(draft, "2BP01", `cannot drop type ${quoteIdent(type.name)} because the table ${quoteIdent(table.name)} depends on it`)
  }
  for (const routine of catalog.routines()) {
    if (!handlesType(routine, type)) continue
    if (operation.cascade) dropFunctionUsers({ name: routine.name, meant: routine, overloads: catalog.functions(routine) }, true, draft)
    else fail(draft, "2BP01", `cannot drop type ${quoteIdent(type.name)} because the function ${quoteIdent(routine.name)} depends on it`)
  }
  dropNested(operation, type, draft)
  for (const table of catalog.relations()) dropDefaultsNaming(operation, type, table, draft)
  for (const user of usersByCast(type.id, catalog)) dropUser(operation, type, user, draft)
  for (const user of catalog.usersOfType(type.id)) {
    if (!operation.cascade) {
      fail(
        draft,
        "2BP01",
        `cannot drop type ${quoteIdent(type.name)} because the column ${quoteIdent(user.column.name)} of ${quoteIdent(user.relation.name)} depends on it`,
      )
    }
    // Without a column of its partition key there is no table.
    if (operation.cascade && user.relation.partitionBy?.columns.includes(user.column.name) === true)
      dropRelation(draft, user.relation, true, `its partition key has the type ${type.name}`)
    for (const member of catalog.tree(user.relation.id)) {
      lock(draft, affected(member), "ACCESS EXCLUSIVE", `its column ${user.column.name} is of the type ${type.name}`)
      dropColumn(draft, member, user.column.name, true)
    }
  }
}

function dropUser({ cascade }: OperationOf<"drop">, type: UserType, user: TypeUser, draft: Draft): void {
  const { kind, relation } = user
  if (draft.catalog.isDoubtful(nameOfUser(user))) return
  const name = quoteIdent(nameOfUser(user))
  if (!cascade) fail(draft, "2BP01", `cannot drop type ${quoteIdent(type.name)} because the ${kind} ${name}${kind === "view" ? "" : ` of ${quoteIdent(relation.name)}`} depends on it`)
  else if (kind === "view") dropRelation(draft, relation, true, `casts to ${type.name}`)
  else {
    lock(draft, affected(relation), "ACCESS EXCLUSIVE", `its ${kind} ${name} casts to ${type.name}`)
    if (kind === "generated column") dropColumn(draft, relation, user.name, true)
  }
}

function dropDefaultsNaming({ cascade }: OperationOf<"drop">, type: UserType, table: Relation, draft: Draft): void {
  const column = table.columns.find((one) => one.default?.types.includes(type.id))
  if (column === undefined) return
  if (cascade) lock(draft, affected(table), "ACCESS EXCLUSIVE", `the default of its column ${column.name} names the type ${type.name}`)
  else fail(draft, "2BP01", `cannot drop type ${quoteIdent(type.name)} because the default of the column ${quoteIdent(column.name)} of ${quoteIdent(table.name)} depends on it`)
}

/** Domains over the type, and composite types with it: they lose the attribute. */
function dropNested(operation: OperationOf<"drop">, type: UserType, draft: Draft): void {
  const is = (used: ColumnType): boolean => used.schema === type.schema && used.name === type.name
  for (const other of draft.catalog.types()) {
    const uses = other.kind === "domain" ? is(other.base) : other.kind === "composite" && other.attributes.some((one) => is(one.type))
    if (!uses) continue
    if (operation.cascade && other.kind === "composite") lock(draft, affectedType(other), "ACCESS EXCLUSIVE")
    if (!operation.cascade) fail(draft, "2BP01", `cannot drop type ${quoteIdent(type.name)} because the type ${quoteIdent(other.name)} depends on it`)
  }
}

function dropFunction(operation: OperationOf<"drop">, object: DroppedObject, draft: Draft): void {
  const { catalog } = draft
  const overloads = catalog.functions(object.name)
  if (overloads.length === 0) {
    if (!operation.ifExists && operation.kind !== "aggregate" && isNoFunction(object.name, draft))
      failWithout(draft, "function", object.name, "42883", `function ${object.name.name} does not exist`)
    if (!catalog.complete && operation.cascade)
      uncertain(
        draft,
        `the triggers, defaults and indexes that use ${object.name.name}: their tables are locked ACCESS EXCLUSIVE`,
      )
    return
  }
  const meant = catalog.meantFunction(object.name, object.arguments)
  const isKnown = object.arguments?.every((type) => columnType(type, catalog).schema !== null) === true
  if (meant === undefined && isKnown && catalog.complete && !operation.ifExists && operation.kind === "function") {
    fail(draft, "42883", `function ${object.name.name} does not exist with these arguments`)
    return
  }
  if (object.arguments === null && overloads.length > 1 && operation.kind === "function" && !overloads.some(({ argumentTypes }) => argumentTypes.some(isUnknownType))) {
    fail(draft, "42725", `function name "${object.name.name}" is not unique`)
    return
  }
  dropFunctionUsers({ name: object.name.name, meant, overloads }, operation.cascade, draft)
}

interface Called {
  readonly name: string
  /** The one of them that goes; undefined where that is not known. */
  readonly meant: FunctionInfo | undefined
  readonly overloads: readonly FunctionInfo[]
}

/** What calls a function cannot be without it. */
function dropFunctionUsers({ name: called, meant, overloads }: Called, cascade: boolean, draft: Draft): void {
  const { catalog } = draft
  for (const type of cascade || meant === undefined || overloads.length > 1 ? [] : catalog.types()) {
    const check = type.kind === "domain" ? type.checks.find(({ functions }) => functions.includes(called)) : undefined
    if (check !== undefined) fail(draft, "2BP01", `cannot drop function ${quoteIdent(called)} because the constraint ${quoteIdent(check.name)} of domain ${quoteIdent(type.name)} depends on it`)
  }
  // Functions of triggers have no arguments.
  const names = (meant === undefined ? overloads : [meant]).flatMap(({ schema, name, argumentTypes }) => (argumentTypes.length === 0 ? [name, `${schema}.${name}`] : []))
  for (const relation of catalog.relations()) {
    if (meant !== undefined && relation.calls.some(([one, ...others]) => one === meant.id && others.length === 0)) {
      if (cascade) dropRelation(draft, relation, true, `calls ${called}()`)
      else fail(draft, "2BP01", `cannot drop function ${quoteIdent(called)} because the ${relation.kind} ${quoteIdent(relation.name)} depends on it`)
      continue
    }
    const user = userOfFunction(catalog, relation.id, called, names, meant)
    if (user === undefined) continue
    const { what, name, certain } = user
    if (!cascade) {
      // A function of the same name with other arguments may be meant.
      if (meant !== undefined && (overloads.length === 1 || certain))
        fail(draft, "2BP01", `cannot drop function ${quoteIdent(called)} because the ${what} ${quoteIdent(name)} of ${quoteIdent(relation.name)} depends on it`)
      continue
    }
    lock(draft, affected(relation), "ACCESS EXCLUSIVE", `its ${what} ${name} calls ${called}()`)
    for (const column of relation.columns) if (column.generated?.functions.includes(called) === true) dropColumn(draft, relation, column.name, true)
    for (const index of catalog.indexesOf(relation.id)) if (index.functions.includes(called)) lockIndex(draft, index, "ACCESS EXCLUSIVE", `index of ${relation.name}`)
  }
}

function isNoFunction(name: Name, { catalog }: Draft): boolean {
  if (catalog.complete) return true
  return builtinSince(name.name) === null && !ofExtension(name.name, catalog) && catalog.rulesOutFunction(name)
}

/** What of a relation calls a function; `certain`: that very function, and not just one of its name. */
function userOfFunction(
  catalog: Draft["catalog"],
  relation: ObjectId,
  called: string,
  triggerNames: readonly string[],
  meant: FunctionInfo | undefined,
): { readonly what: string; readonly name: string; readonly certain: boolean } | undefined {
  const trigger = catalog.triggersOf(relation).find((one) => triggerNames.includes(one.function))
  if (trigger !== undefined) return { what: "trigger", name: trigger.name, certain: true }
  const column = catalog.relationById(relation)?.columns.find((one) => one.default?.functions.includes(called) === true)
  if (column !== undefined) return { what: "default of the column", name: column.name, certain: false }
  const generated = catalog.relationById(relation)?.columns.find((one) => one.generated?.functions.includes(called) === true)
  if (generated !== undefined) return { what: "generated column", name: generated.name, certain: false }
  const index = catalog.indexesOf(relation).find((one) => one.functions.includes(called))
  if (index !== undefined) return { what: "index", name: index.name, certain: false }
  const check = catalog.constraintsOf(relation).find((one) => one.expression?.functions.includes(called) === true)
  if (check !== undefined) return { what: "constraint", name: check.name, certain: false }
  const policy = meant === undefined ? undefined : catalog.policiesOf(relation).find((one) => callsFunction(one, meant.id))
  return policy === undefined ? undefined : { what: "policy", name: policy.name, certain: true }
}

function dropSchema(operation: OperationOf<"drop">, schema: string, draft: Draft): void {
  const { catalog } = draft
  if (catalog.rulesOutSchema(schema)) {
    if (!operation.ifExists) fail(draft, "3F000", `schema "${schema}" does not exist`)
    return
  }
  if (!catalog.complete) uncertain(draft, `what the schema ${schema} holds, and what outside depends on it`)
  const dropped = new Set<number>()
  for (const relation of catalog.relations()) {
    if (relation.schema !== schema) continue
    if (!operation.cascade) {
      fail(draft, "2BP01", `cannot drop schema ${quoteIdent(schema)} because ${relation.kind} ${quoteIdent(relation.name)} depends on it`)
      return
    }
    dropRelation(draft, relation, true, `in the schema ${schema}`, dropped)
  }
  for (const type of catalog.types()) {
    if (type.schema !== schema) continue
    if (operation.cascade) dropUsersOf(operation, type, draft)
    else fail(draft, "2BP01", `cannot drop schema ${quoteIdent(schema)} because type ${quoteIdent(type.name)} depends on it`)
  }
  for (const routine of operation.cascade ? [] : catalog.routines())
    if (routine.schema === schema) fail(draft, "2BP01", `cannot drop schema ${quoteIdent(schema)} because function ${quoteIdent(routine.name)} depends on it`)
  for (const relation of catalog.relations()) {
    for (const object of catalog.statisticsOf(relation.id)) {
      if (object.schema !== schema) continue
      if (operation.cascade) lockOfStatistics(object, draft)
      else fail(draft, "2BP01", `cannot drop schema ${quoteIdent(schema)} because statistics object ${quoteIdent(object.name)} depends on it`)
    }
  }
}

/** Types of an extension go with it, and the columns of those types with them. */
function dropExtension(operation: OperationOf<"drop">, extension: string, draft: Draft): void {
  const { catalog } = draft
  const types = typesOfExtensions[extension]
  if (types === undefined || !catalog.complete) {
    if (operation.cascade)
      uncertain(
        draft,
        `which columns, indexes and views use the extension ${extension}: their tables are locked ACCESS EXCLUSIVE`,
      )
    return
  }
  for (const relation of catalog.relations()) {
    for (const { name, type } of relation.columns) {
      if (type.schema === "pg_catalog" || !types.includes(type.name)) continue
      if (!operation.cascade)
        fail(
          draft,
          "2BP01",
          `cannot drop extension ${quoteIdent(extension)} because the column ${quoteIdent(name)} of ${quoteIdent(relation.name)} depends on it`,
        )
      lock(draft, affected(relation), "ACCESS EXCLUSIVE", `its column ${name} is of the type ${type.name}`)
      dropColumn(draft, relation, name, true)
    }
  }
}

function dropStatistics(operation: OperationOf<"drop">, object: DroppedObject, draft: Draft): void {
  const { catalog } = draft
  const statistics = catalog.statistics(object.name)
  if (statistics === undefined) {
    if (catalog.complete && !operation.ifExists)
      fail(draft, "42704", `statistics object "${object.name.name}" does not exist`)
    return
  }
  lockOfStatistics(statistics, draft)
}

function lockOfStatistics(statistics: StatisticsObject, draft: Draft): void {
  const table = draft.catalog.relationById(statistics.table)
  if (table !== undefined && draft.pgVersion >= 12)
    lock(draft, affected(table), "SHARE UPDATE EXCLUSIVE", `table of the statistics ${statistics.name}`)
}
