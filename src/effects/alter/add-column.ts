import type { ColumnDefinition, OperationOf } from "../../parse/operation.ts"
import type { ObjectId, Relation } from "../../schema/catalog.ts"
import { affected, build, childWhy, fail, lock, scan, uncertain, type Draft } from "../draft.ts"
import { columnType, domainConstrained } from "../type-change.ts"
import { defaultVolatility, textVolatility } from "../volatility.ts"
import { lockSequences } from "../read.ts"
import { lockNewReference } from "./foreign-key.ts"
import { eachStored, lockTarget, rewriteTable, siblings } from "./target.ts"

type AddColumn = OperationOf<"add column">

/** Effects of `ADD COLUMN`. */
export function addColumn(action: AddColumn, draft: Draft): void {
  const { catalog, pgVersion } = draft
  const { column } = action
  const target = lockTarget(draft, action, "ACCESS EXCLUSIVE", "self")
  if (target.kind === "index" || (target.kind === "unlisted" && target.relation === null)) return
  const relation = target.kind === "relation" ? target.relation : null
  const dropped = siblings(draft, "drop column").some((other) => other.column.name === column.name.name)
  // Where a condition decided whether the column is there, IF NOT EXISTS may well add it.
  const unsure = action.ifNotExists && catalog.isDoubtful(column.name.name)
  if (relation !== null && !dropped && !unsure && catalog.column(relation, column.name.name) !== undefined) {
    if (!action.ifNotExists)
      fail(draft, "42701", `column "${column.name.name}" of relation "${relation.name}" already exists`)
    // Before 13 the foreign key is added although the column is not.
    else if (pgVersion < 13) references(action, draft)
    return
  }
  if (relation?.kind === "view" || relation?.kind === "materialized view" || relation?.kind === "sequence") {
    fail(draft, "42809", `"${relation.name}" is not a table`)
    return
  }
  const merging = relation === null || action.only ? NOBODY : lockHeirs(draft, relation, column.name.name)

  const reason = rewriteReason(column, draft)
  if (reason !== null) {
    if (reason.unknown !== null) uncertain(draft, reason.unknown)
    eachStored(draft, target, action.only, "children", (member, listed) => {
      if (listed !== null && merging.has(listed.id)) return
      rewriteTable(draft, member, listed, reason.why, reason.unknown !== null)
    })
  }
  // A table without rows takes no value.
  const empty = relation !== null && draft.catalog.tree(relation.id).every((member) => member.created !== null && !member.populated)
  if (column.default !== null && !empty) lockSequences(draft, column.default.functions)
  const check = scanReason(column, draft)
  if (check !== null)
    eachStored(draft, target, action.only, "children", (member, listed) => {
      if (listed === null || !merging.has(listed.id)) scan(draft, member, check)
    })
  if (
    isRequired(column, draft) &&
    relation !== null &&
    relation.created !== null &&
    relation.filled &&
    relation.kind === "table"
  ) {
    fail(draft, "23502", `column "${column.name.name}" would contain null values`)
  }
  for (const constraint of column.constraints) {
    if (constraint.kind !== "unique" && constraint.kind !== "primary key") continue
    eachStored(draft, target, action.only, "partitions", (member) => {
      build(draft, member, `a unique index is built for the new column ${column.name.name}`)
    })
  }
  references(action, draft)
  if (scansReference(action, draft)) {
    eachStored(draft, target, action.only, "partitions", (member) => {
      scan(draft, member, "the new column's default is checked against the referenced table in every row")
    })
  }
}

const NOBODY: ReadonlySet<ObjectId> = new Set()

/** Locks the children that get the column, and those that have it already: they, and what is beneath them, stay as they are (ATExecAddColumn). */
function lockHeirs(draft: Draft, relation: Relation, column: string): ReadonlySet<ObjectId> {
  const merging = new Set<ObjectId>()
  const visit = (parent: Relation): void => {
    for (const child of draft.catalog.children(parent.id)) {
      lock(draft, affected(child), "ACCESS EXCLUSIVE", childWhy(relation, child))
      if (draft.catalog.column(child, column) === undefined) visit(child)
      else for (const member of draft.catalog.tree(child.id)) merging.add(member.id)
    }
  }
  visit(relation)
  return merging
}

function references(action: AddColumn, draft: Draft): void {
  for (const constraint of action.column.constraints) {
    if (constraint.kind === "foreign key") lockNewReference(draft, constraint, action.relation)
  }
}

/**
 * Without a default every new value is NULL and needs no check; any DEFAULT clause, even DEFAULT NULL, makes the
 * server look.
 */
function scansReference(action: AddColumn, draft: Draft): boolean {
  const checked = action.column.constraints.some(
    (one) => one.kind === "foreign key" && !one.notValid && !one.notEnforced,
  )
  if (!checked) return false
  if (hasDefaultClause(action.column)) return true
  // Before 13 one default in the statement made the server check the foreign keys of all its columns.
  return draft.pgVersion < 13 && siblings(draft, "add column").some((other) => hasDefaultClause(other.column))
}

function hasDefaultClause(column: ColumnDefinition): boolean {
  return column.default !== null || column.serial || column.generated !== null || column.identity !== null
}

interface RewriteReason {
  readonly why: string
  readonly unknown: string | null
}

/** Why adding the column rewrites the table; null when it does not. */
function rewriteReason(column: ColumnDefinition, draft: Draft): RewriteReason | null {
  const { catalog, pgVersion } = draft
  const certain = (why: string): RewriteReason => ({ why, unknown: null })
  if (column.serial) return certain("a serial column takes a value from its sequence for every row")
  if (column.identity !== null) return certain("an identity column takes a value from its sequence for every row")
  if (column.generated !== null)
    return column.generated.stored ? certain("the stored generated column is computed for every row") : null
  const domain = domainConstrained(columnType(column.type, catalog), catalog)
  if (domain.constrained)
    return certain(`the domain ${domain.domain ?? column.type.name} has constraints, which are checked for every row`)
  const ofDomain = column.default === null ? domainDefault(column, draft) : null
  const volatility = column.default !== null ? defaultVolatility(column.default, catalog, pgVersion) : ofDomain !== null ? textVolatility(ofDomain.text, catalog, pgVersion) : null
  if (volatility?.volatile === true) {
    const name = volatility.function ?? ""
    const what = ofDomain === null ? "the default" : `the default of the domain ${column.type.name}`
    if (!volatility.assumed) return certain(`${what} calls ${name}(), which is volatile`)
    const inlined = catalog.functions({ schema: null, name }).length > 0
    const unknown = inlined ? `whether the planner inlines the SQL function ${name}` : `whether the function ${name} is volatile`
    return { why: `${what} calls ${name}(), which may be volatile`, unknown }
  }
  if (domain.unknown) {
    return {
      why: `the type ${column.type.name} may be a domain with constraints`,
      unknown: `what the type ${column.type.name} is`,
    }
  }
  return null
}

/** Why adding the column reads every row without rewriting it; null when it does not. */
function scanReason(column: ColumnDefinition, draft: Draft): string | null {
  if (column.constraints.some((one) => one.kind === "check" && !one.notValid && !one.notEnforced)) {
    return `the CHECK on the new column ${column.name.name} is verified for every row`
  }
  if (isRequired(column, draft)) return `the new column ${column.name.name} is NOT NULL and has no default`
  if (column.generated !== null && !column.generated.stored && isNotNull(column)) {
    return `the NOT NULL on the generated column ${column.name.name} is verified for every row`
  }
  return null
}

/** Whether a column is defined NOT NULL, or made so by being a primary key. */
export function isNotNull(column: ColumnDefinition): boolean {
  return (
    (column.notNull !== null && !column.notNull.notValid) ||
    column.constraints.some((one) => one.kind === "primary key")
  )
}

/** NOT NULL, with nothing to fill existing rows with. */
function isRequired(column: ColumnDefinition, draft: Draft): boolean {
  if (!isNotNull(column) || column.serial || column.identity !== null || column.generated !== null) return false
  if (column.default !== null) return column.default.isNull
  return domainDefault(column, draft) === null
}

/** The default that a new column has from its domain: before 13 none for the rows that are there, which get NULL. */
function domainDefault(column: ColumnDefinition, { catalog, pgVersion }: Draft): { readonly text: string } | null {
  const user = pgVersion < 13 || column.type.dimensions > 0 ? undefined : catalog.type(column.type)
  return user?.kind === "domain" ? user.default : null
}
