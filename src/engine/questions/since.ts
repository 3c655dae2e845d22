import type { Operation } from "../../parse/operation.ts"
import { notNullCheck } from "../../playbook/facts.ts"
import type { Catalog, Dependency, ObjectId, Origin, Relation } from "../../schema/catalog.ts"
import { formatType, quoteIdent } from "../../schema/format.ts"
import { usesColumn } from "../../schema/index-columns.ts"
import { policiesOver } from "../../schema/policies.ts"
import { handlesType } from "../../schema/type-names.ts"
import { isUnknownType } from "../../schema/types.ts"
import type { RelatedLocation } from "../finding.ts"

/** A rule's context is one. */
interface Known {
  readonly catalog: Catalog
}

/** The places in the history that made what a finding speaks of. */

interface WrittenName {
  readonly schema: string | null
  readonly name: string
}

/** Where a column got the type that it has: "`orders.region` is `character varying(50)` since here". */
export function typedSince(table: WrittenName, column: string, { catalog }: Known): RelatedLocation[] {
  const relation = catalog.relation(table)
  const found = relation === undefined ? undefined : catalog.column(relation, column)
  if (relation === undefined || found === undefined || isUnknownType(found.type)) return []
  const type = formatType(found.type, catalog.searchPath)
  return place(found.typed ?? found.created, `\`${quoteIdent(relation.name)}.${quoteIdent(column)}\` is \`${type}\` since here`)
}

/** Why SET NOT NULL has to look: where the column comes from, and the CHECK that would prove it if it were validated. */
export function nullableSince(table: WrittenName, column: string, { catalog }: Known): RelatedLocation[] {
  const relation = catalog.relation(table)
  const found = relation === undefined ? undefined : catalog.column(relation, column)
  if (relation === undefined || found === undefined || found.notNull) return []
  const named = `\`${quoteIdent(relation.name)}.${quoteIdent(column)}\``
  const check = notNullCheck(catalog, relation, column)
  return [
    ...place(found.created, `${named} is made here, and may hold NULL`),
    ...(check === undefined || check.validated ? [] : place(check.created, `constraint \`${quoteIdent(check.name)}\` would prove it, and is NOT VALID since here`)),
  ]
}

/** CHECK constraints of a table that prove nothing, as nobody has validated them. */
export function unvalidatedSince(table: ObjectId | null, { catalog }: Known): RelatedLocation[] {
  const relation = table === null ? undefined : catalog.relationById(table)
  if (relation === undefined) return []
  return catalog
    .constraintsOf(relation.id)
    .filter(({ kind, validated, enforced }) => kind === "check" && !validated && enforced)
    .flatMap(({ created, name }) => place(created, `constraint \`${quoteIdent(name)}\` of \`${quoteIdent(relation.name)}\` proves nothing: it is NOT VALID since here`))
}

/** Where a relation or index was made. */
export function namedSince(name: WrittenName, { catalog }: Known): RelatedLocation[] {
  const relation = catalog.relation(name)
  const index = relation === undefined ? catalog.index(name) : undefined
  if (relation !== undefined) return place(relation.created, `${nameOf(relation)} is made here`)
  return index === undefined ? [] : place(index.created, `index \`${quoteIdent(index.name)}\` is made here`)
}

/** What dropped or renamed a relation or index that is not there any more. */
export function goneSince(name: WrittenName, { catalog }: Known): RelatedLocation[] {
  return place(catalog.goneBy(name), `\`${quoteIdent(name.name)}\` is gone since here`)
}

/** Where something was made that is in a statement's way, or does not have what the statement names. */
export function madeSince(operations: readonly Operation[], { catalog }: Known): RelatedLocation[] {
  return operations.flatMap((operation) => {
    const made = (name: WrittenName): RelatedLocation[] => namedSince(name, { catalog })
    switch (operation.op) {
      case "create table":
      case "create table as":
        return made(operation.table)
      case "create view":
      case "create materialized view":
        return made(operation.view)
      case "create index":
        return operation.index === null ? [] : made({ schema: operation.table.schema, name: operation.index.name })
      case "create enum":
      case "create composite type":
      case "create type": {
        const type = catalog.type(operation.type)
        return type === undefined ? [] : place(type.created, `type \`${quoteIdent(type.name)}\` is made here`)
      }
      case "add column": {
        const relation = catalog.relation(operation.relation)
        const column = relation === undefined ? undefined : catalog.column(relation, operation.column.name.name)
        if (relation === undefined || column === undefined) return made(operation.relation)
        return place(column.created, `\`${quoteIdent(relation.name)}.${quoteIdent(column.name)}\` is made here`)
      }
      case "add constraint": {
        const { name } = operation.constraint
        const relation = catalog.relation(operation.relation)
        const same = relation === undefined || name === null ? undefined : catalog.constraint(relation.id, name.name)
        if (same !== undefined) return place(same.created, `constraint \`${quoteIdent(same.name)}\` is made here`)
        return operation.constraint.kind === "foreign key" ? [...made(operation.relation), ...made(operation.constraint.references)] : made(operation.relation)
      }
      case "alter column type":
        return dependentsOfColumn(operation.relation, operation.column.name, { catalog })
      case "drop column": {
        const dependents = dependentsOfColumn(operation.relation, operation.column.name, { catalog })
        return dependents.length > 0 ? dependents : made(operation.relation)
      }
      case "drop":
        return operation.objects.flatMap(({ name }) => dependentsOfRelation(name, { catalog }))
      default:
        return "relation" in operation ? made(operation.relation) : []
    }
  })
}

/** What else of the known schema hangs on a column, each with the place that made it. */
export function dependentsOfColumn(table: WrittenName, column: string, { catalog }: Known): RelatedLocation[] {
  const relation = catalog.relation(table)
  if (relation === undefined) return []
  const { id } = relation
  const named = `\`${quoteIdent(relation.name)}.${quoteIdent(column)}\``
  const reads = (dependencies: readonly Dependency[]): string | null => {
    const own = dependencies.filter((one) => one.relation === id)
    if (own.some(({ certain }) => certain.includes(column))) return "reads"
    return own.some(({ columns }) => columns?.includes(column) !== false) ? "may read" : null
  }
  const found: RelatedLocation[] = []
  const add = (origin: Origin | null, what: string): void => { found.push(...place(origin, what)) }
  for (const view of catalog.dependents(id)) {
    const how = reads(view.dependencies)
    if (how !== null) add(view.created, `${nameOf(view)} ${how} ${named}`)
  }
  for (const { created, dependencies, kind, name } of catalog.routines()) {
    const how = reads(dependencies)
    if (how !== null) add(created, `${kind} \`${quoteIdent(name)}\` ${how} ${named}`)
  }
  for (const index of catalog.indexesOf(id)) {
    if (usesColumn(index, column) && index.constraint === null) add(index.created, `index \`${quoteIdent(index.name)}\` is over ${named}`)
  }
  for (const constraint of catalog.constraintsOf(id)) {
    if (constraint.kind !== "not null" && constraint.columns.includes(column)) {
      add(constraint.created, `${constraint.kind} constraint \`${quoteIdent(constraint.name)}\` is over ${named}`)
    }
  }
  for (const constraint of catalog.referencing(id)) {
    const from = catalog.relationById(constraint.table)
    if (from === undefined || from.id === id || constraint.references?.columns.includes(column) !== true) continue
    add(constraint.created, `foreign key \`${quoteIdent(constraint.name)}\` of \`${quoteIdent(from.name)}\` references ${named}`)
  }
  for (const trigger of catalog.triggersOf(id)) {
    if (trigger.columns.includes(column)) add(trigger.created, `trigger \`${quoteIdent(trigger.name)}\` names ${named}`)
  }
  for (const policy of catalog.policiesOf(id)) {
    if (policy.columns.includes(column)) add(policy.created, `policy \`${quoteIdent(policy.name)}\` reads ${named}`)
  }
  for (const policy of policiesOver(catalog, relation, column)) add(policy.created, `policy \`${quoteIdent(policy.name)}\` reads ${named}`)
  for (const other of relation.columns) {
    if (other.generated?.columns.includes(column) === true) add(other.created, `\`${quoteIdent(other.name)}\` is generated from ${named}`)
  }
  return found
}

/**
 * Functions whose text names the table and, if given, the column, or that triggers of the table run and that take the column from NEW or
 * OLD. Unlike views they keep the old name after a rename, and nobody notices a drop before they run.
 */
export function functionsNaming(table: WrittenName, column: string | null, { catalog }: Known): RelatedLocation[] {
  const routines = [...catalog.routines()]
  // To make the patterns takes longer than all else here.
  if (routines.length === 0) return []
  const words = [table.name, ...(column === null ? [] : [column])]
  const relation = catalog.relation(table)
  const triggers = relation === undefined || column === null ? [] : catalog.triggersOf(relation.id)
  const all = words.map((word) => mentioning(word))
  const ofRow = mentioning(column ?? "", ROW)
  const found: RelatedLocation[] = []
  // Searching for a text is much faster than for a pattern, and most bodies have neither.
  const needed = (column ?? table.name).toLowerCase()
  for (const { schema, kind, name, body, created } of routines) {
    if (body === null || !body.toLowerCase().includes(needed)) continue
    const trigger = triggers.find((one) => one.function === name || one.function === `${schema}.${name}`)
    const called = `${kind} \`${quoteIdent(name)}\``
    if (all.every((word) => word.test(body))) found.push(...place(created, `${called} names \`${words.map(quoteIdent).join(".")}\` in its body`))
    else if (trigger !== undefined && ofRow.test(body)) {
      found.push(...place(created, `${called}, which trigger \`${quoteIdent(trigger.name)}\` runs, uses \`${words.map(quoteIdent).join(".")}\``))
    }
  }
  return found
}

/** Whether code names the column: as itself, or of NEW or OLD. */
export function namesColumn(body: string, column: string): boolean {
  return mentioning(column).test(body)
}

/** Finds the name, or the column of NEW or OLD; names that need no quotes may be written in capitals. */
function mentioning(name: string, before = ""): RegExp {
  const literal = name.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${before}"?${literal}"?(?![\\p{L}\\p{N}_$])`, /\p{Lu}/u.test(name) ? "u" : "iu")
}

const ROW = "(?:[nN][eE][wW]|[oO][lL][dD])\\."

/** What else of the known schema hangs on a table or view. */
export function dependentsOfRelation(name: WrittenName, { catalog }: Known): RelatedLocation[] {
  const relation = catalog.relation(name)
  if (relation === undefined) return []
  const named = `\`${quoteIdent(relation.name)}\``
  return [
    ...catalog.dependents(relation.id).flatMap((view) => place(view.created, `${nameOf(view)} reads ${named}`)),
    ...catalog.referencing(relation.id).flatMap((constraint) => {
      const from = catalog.relationById(constraint.table)
      if (from === undefined || from.id === relation.id) return []
      return place(constraint.created, `foreign key \`${quoteIdent(constraint.name)}\` of \`${quoteIdent(from.name)}\` references ${named}`)
    }),
    ...[...catalog.routines()].flatMap((routine) =>
      handlesType(routine, relation) ? place(routine.created, `${routine.kind} \`${quoteIdent(routine.name)}\` takes or gives rows of ${named}`) : [],
    ),
  ]
}

function nameOf({ kind, name }: Relation): string {
  return `${kind} \`${quoteIdent(name)}\``
}

function place(origin: Origin | null, message: string): RelatedLocation[] {
  return origin === null ? [] : [{ file: origin.file, span: origin.span, message }]
}
