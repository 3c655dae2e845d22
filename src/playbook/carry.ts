import type { Constraint } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import type { Copy } from "./copies.ts"
import type { PlainName } from "./sql.ts"
import type { Step } from "./step.ts"
import { referenceColumns, quoteIdent } from "../schema/format.ts"
import { becomesPart } from "../schema/foreign-key-match.ts"
import { acknowledged } from "./acknowledge.ts"
import { ownDefaults } from "./carry-defaults.ts"
import { carryIndex, carryKey, delayOf } from "./carry-keys.ts"
import { columnDependents, columnsOf, generatedFrom, listed } from "./dependents.ts"
import { overNewColumns, typesOf } from "./carried-expressions.ts"
import { identifies, readBy } from "./index-marks.ts"
import { createNames } from "./names.ts"
import { nameNear } from "./near.ts"
import { addingConstraints, alterTable, columnList, fit, parenthesized, quoteName } from "./sql.ts"
import { alsoLocked, brief, byHand } from "./steps.ts"
import { partitionedReference, partitionedReferenceSteps } from "./recipes/partitioned-constraint.ts"
import { notNullSteps } from "./recipes/set-not-null.ts"
import { validation } from "./recipes/validate-constraint.ts"
import { copyLabel, copyOf, inMigrate, merge, NOTHING, renamed, type Carried, type Share, type SharedMove, type Takeover } from "./takeover.ts"

/** Copies NOT NULL, CHECKs, foreign keys both ways, keys and indexes of the old columns to the new ones, in the table and in those that inherit them. */
export function carryOver(takeover: Takeover, context: RecipeContext): Carried {
  const { table, relation, moves } = takeover
  const heirs = context.catalog.tree(relation.id).filter(({ id }) => id !== relation.id)
  const tree = new Set([relation, ...heirs].map(({ id }) => id))
  const shares = heirs.map((heir): Share => {
    const name = nameNear(heir, table, context)
    const inherited = moves.flatMap((move) => {
      const column = context.catalog.column(heir, move.from)
      return column === undefined ? [] : [{ ...move, column, parent: move.column }]
    })
    return { table: name, relation: heir, tree, moves: inherited, names: createNames(name, context) }
  })
  const own: Share = { ...takeover, tree, moves: moves.map((move) => ({ ...move, parent: null })) }
  return merge([...[own, ...shares].map((share) => carryShare(share, context)), { ...NOTHING, defaults: ownDefaults(shares, context) }])
}

/** What stands on the columns of one table. */
function carryShare(share: Share, context: RecipeContext): Carried {
  const { catalog } = context
  const { dropped = [], relation, moves } = share
  const isHeir = moves.some(({ parent }) => parent !== null)
  const moved = (columns: readonly (string | null)[]): boolean => moves.some(({ from }) => columns.includes(from))
  const known = catalog.constraintsOf(relation.id)
  const constraints = known.filter(
    (constraint) => moved(columnsOf(constraint, catalog)) && !(isHeir && constraint.inherited) && !isReference(constraint, share) && !dropped.includes(constraint.name),
  )
  // The keys of a partitioned table's partitions go and come with its own.
  const references = catalog.referencing(relation.id).filter((constraint) => !constraint.inherited && moved(constraint.references?.columns ?? []))
  const indexes = catalog
    .indexesOf(relation.id)
    .filter((index) => index.constraint === null && !(isHeir && index.parent !== null) && moved(readBy(index)))
  const statistics = catalog.statisticsOf(relation.id).filter(({ columns, expressionColumns }) => moved([...columns, ...expressionColumns]))
  return merge([
    // Before the keys, because a key cannot be dropped under a reference, and the other way round for adding.
    ...references.toReversed().map((constraint) => carryReference(share, constraint, context)),
    carryNotNull(share, constraints, context),
    carryChecks(share, constraints.filter(({ kind }) => kind === "check"), context),
    ...constraints.map((constraint) => carryConstraint(share, constraint, context)),
    ...indexes.map((index) => carryIndex(share, index, context)),
    ...known.filter(({ name }) => dropped.includes(name)).map((constraint) => giveUp(share, constraint, context)),
    { ...NOTHING, release: releaseOfHeir(share) },
    { ...NOTHING, byHand: statistics.map(({ name }) => `statistics ${quoteIdent(name)}`) },
    { ...NOTHING, byHand: [...new Set(moves.flatMap(({ from }) => columnDependents(context, relation, from).blocking))] },
    { ...NOTHING, byHand: moves.flatMap((move) => ofHeir(share, move)) },
  ])
}

/** A constraint that only the old columns have. */
function giveUp({ table, relation }: Share, { name, references }: Constraint, context: RecipeContext): Carried {
  const parent = references === null ? undefined : context.catalog.relationById(references.table)
  return {
    ...NOTHING,
    stale: [`ALTER TABLE ${quoteName(table)} DROP CONSTRAINT ${quoteIdent(name)};`],
    alsoLocked: parent === undefined || parent.id === relation.id ? [] : [quoteName(nameNear(parent, table, context))],
  }
}

/** A foreign key to columns that are given up, too: it goes and comes with those. */
function isReference({ references }: Constraint, { tree, moves }: Share): boolean {
  return references !== null && tree.has(references.table) && moves.some(({ from }) => references.columns.includes(from))
}

function carryConstraint(share: Share, constraint: Constraint, context: RecipeContext): Carried {
  switch (constraint.kind) {
    case "foreign key":
      return carryForeignKey(share, constraint, context)
    case "unique":
    case "primary key":
      return carryKey(share, constraint, context)
    case "exclude":
      return { ...NOTHING, byHand: [`exclusion constraint ${quoteIdent(constraint.name)}`] }
    case "check":
    case "not null":
      return NOTHING
  }
}

/** Once nobody fills the old columns any more, they must refuse no row. */
function releaseOfHeir({ table, moves }: Share): string[] {
  return moves
    .filter(({ column, parent }) => parent?.notNull === false && column.notNull)
    .map(({ from }) => fit(`ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdent(from)}`, "DROP NOT NULL;"))
}

/** What an inheriting table may compute from a column for itself. */
function ofHeir({ table, relation }: Share, { from, parent }: SharedMove): string[] {
  if (parent === null) return []
  return generatedFrom(relation, from).map(({ name }) => `generated column ${quoteIdent(name)} of ${quoteName(table)}`)
}

/** From 18 on NOT NULL is a constraint with a name (release notes of 18). */
function carryNotNull({ table, relation, moves, names }: Share, constraints: readonly Constraint[], context: RecipeContext): Carried {
  const inPrimaryKey = (name: string): boolean => constraints.some(({ kind, columns }) => kind === "primary key" && columns.includes(name))
  const columns = moves
    .filter(({ from, column, parent }) => parent?.notNull !== true && (column.notNull || inPrimaryKey(from)))
    .map(({ from, to, column, type }) => ({
      name: to,
      type,
      from,
      constraint: names.constraint([to], "not_null"),
      declared: inPrimaryKey(from) || column.identity !== null || identifies(relation, from, context),
    }))
  const steps = notNullSteps({ table, columns, filled: true, names }, context)
  if (context.pgVersion < 18) return { ...NOTHING, steps }
  const copies = columns.flatMap(({ from, constraint }) => {
    const original = context.catalog.constraintsOf(relation.id).find((one) => one.kind === "not null" && one.columns[0] === from)
    return original === undefined ? [] : [copyOf(table, constraint, original.name)]
  })
  return { ...NOTHING, steps, copies }
}

function carryChecks(share: Share, constraints: readonly Constraint[], context: RecipeContext): Carried {
  const { table, moves, names } = share
  const read = constraints.map((constraint) => ({
    constraint,
    original: quoteIdent(constraint.name),
    text: constraint.expression === null ? null : overNewColumns(constraint.expression.text, { moves, conjuncts: constraint.expression.conjuncts, indexed: false }, context),
  }))
  const others = read.filter(({ text }) => text === null)
  const anew = others.flatMap(({ constraint, original }) => (constraint.expression === null ? [] : [{ constraint, original, text: constraint.expression.text }]))
  const unread = others.filter(({ constraint }) => constraint.expression === null).map(({ original }) => `check ${original}`)
  const checks = read.flatMap(({ constraint, original, text }) =>
    text === null ? [] : [{ constraint, original, text, name: names.constraint([], copyLabel(constraint.name, constraint.columns, share)) }],
  )
  const left: Carried = {
    ...NOTHING,
    steps: anew.map(({ constraint, original, text }) => writeAnew(share, constraint, original, text, context)),
    stale: anew.length === 0 ? [] : [alterTable(table, anew.map(({ original }) => `DROP CONSTRAINT ${original}`))],
    byHand: unread,
  }
  if (checks.length === 0) return left
  const add = brief(
    { deploy: "migrate", title: `Carry ${listed(checks.map(({ original }) => original))} over` },
    table,
    "ACCESS EXCLUSIVE",
    likeOriginals(
      checks.map(({ constraint }) => constraint),
      addingConstraints(
        table,
        checks.map(({ constraint, name, text }) => ({
          name: quoteIdent(name),
          definition: `CHECK ${parenthesized(text)}${constraint.noInherit ? " NO INHERIT" : ""} ${unchecked(constraint)}`,
        })),
      ),
    ),
  )
  const validated = checks.filter(({ constraint }) => constraint.validated).map(({ name }) => name)
  const carried: Carried = {
    ...NOTHING,
    steps: validated.length === 0 ? [add] : [add, validation(table, validated, false)],
    stale: [alterTable(table, checks.map(({ original }) => `DROP CONSTRAINT ${original}`))],
    copies: checks.map(({ constraint, name }) => copyOf(table, name, constraint.name)),
  }
  return merge([left, carried])
}

/** A condition that says nothing, or something else, of the new types. */
function writeAnew({ table, moves }: Share, { columns }: Constraint, original: string, text: string, context: RecipeContext): Step {
  const to = moves.filter(({ from }) => columns.includes(from)).map((move) => quoteIdent(move.to))
  return byHand({
    deploy: "migrate",
    title: `Write the check ${original} of ${quoteName(table)} anew for ${listed(to)}`,
    note:
      `${parenthesized(text)} is written for ${listed(typesOf(columns, moves, context))}. Add what it is to say of ${listed(to)} NOT VALID, validate it, ` +
      "and go on: the old one goes when the names are swapped.",
  })
}

function carryForeignKey(share: Share, constraint: Constraint, context: RecipeContext): Carried {
  const { table, relation, moves, names } = share
  const parent = constraint.references === null ? undefined : context.catalog.relationById(constraint.references.table)
  if (parent === undefined) return { ...NOTHING, byHand: [`foreign key ${quoteIdent(constraint.name)}`] }
  const name = names.constraint([], copyLabel(constraint.name, constraint.columns, share))
  const columns = renamed(constraint.columns, moves, "to")
  const parentName = nameNear(parent, table, context)
  if (relation.kind === "partitioned table" && context.pgVersion < 18) {
    const definition = foreignKeyText(constraint, columns, parentName, constraint.references?.columns ?? [])
    const steps = partitionedReferenceSteps(name, partitionedReference(table, relation, name, definition, parentName, context))
    return {
      ...NOTHING,
      steps: steps.map(inMigrate),
      stale: [`ALTER TABLE ${quoteName(table)} DROP CONSTRAINT ${quoteIdent(constraint.name)};`],
      copies: [copyOf(table, name, constraint.name), ...copiesOfParts(share, constraint, name, context)],
      alsoLocked: [quoteName(parentName)],
    }
  }
  const add = brief(
    {
      deploy: "migrate",
      title: `Carry ${quoteIdent(constraint.name)} over`,
      note: alsoLocked(parent.id === relation.id ? [] : [quoteName(parentName)]),
    },
    table,
    "SHARE ROW EXCLUSIVE",
    likeOriginals(
      [constraint],
      fit(
        `ALTER TABLE ${quoteName(table)} ADD CONSTRAINT ${quoteIdent(name)}`,
        `${foreignKeyText(constraint, columns, parentName, constraint.references?.columns ?? [])} ${unchecked(constraint)};`,
      ),
    ),
  )
  return {
    ...NOTHING,
    steps: constraint.validated ? [add, validation(table, [name], true)] : [add],
    stale: [`ALTER TABLE ${quoteName(table)} DROP CONSTRAINT ${quoteIdent(constraint.name)};`],
      copies: [copyOf(table, name, constraint.name), ...copiesOfParts(share, constraint, name, context)],
    alsoLocked: [quoteName(parentName)],
  }
}

/** The parts of a partitioned table's foreign key: they are called like it, and do not follow it when it gets another name. */
function copiesOfParts({ table, relation }: Share, constraint: Constraint, name: string, context: RecipeContext): Copy[] {
  const { catalog } = context
  if (relation.kind !== "partitioned table") return []
  return catalog.tree(relation.id).flatMap((part): Copy[] => {
    const original = part.id === relation.id ? undefined : catalog.constraintsOf(part.id).find((own) => own.inherited && becomesPart(own, constraint))
    return original === undefined ? [] : [copyOf(nameNear(part, table, context), name, original.name)]
  })
}

/** A foreign key that references the old columns: it needs the copy of the key first, so it is moved with it. */
function carryReference({ table, tree, moves }: Share, constraint: Constraint, context: RecipeContext): Carried {
  const child = context.catalog.relationById(constraint.table)
  if (child === undefined) return NOTHING
  const childName = nameNear(child, table, context)
  const referenced = renamed(constraint.references?.columns ?? [], moves, "final")
  const columns = tree.has(child.id) ? renamed(constraint.columns, moves, "final") : constraint.columns
  const alter = `ALTER TABLE ${quoteName(childName)}`
  const release = [`${alter} DROP CONSTRAINT ${quoteIdent(constraint.name)};`]
  if (child.kind === "partitioned table" && context.pgVersion < 18) {
    const { additions, validations, whole } = partitionedReference(childName, child, constraint.name, foreignKeyText(constraint, columns, table, referenced), table, context)
    return {
      ...NOTHING,
      release,
      reattach: additions.map(({ statement }) => statement),
      after: [...validations, inMigrate(whole)],
      alsoLocked: tree.has(child.id) ? [] : [quoteName(childName)],
    }
  }
  return {
    ...NOTHING,
    release,
    reattach: [
      likeOriginals(
        [constraint],
        fit(
          `${alter} ADD CONSTRAINT ${quoteIdent(constraint.name)}`,
          `${foreignKeyText(constraint, columns, table, referenced)} ${unchecked(constraint)};`,
        ),
      ),
    ],
    after: constraint.validated ? [validation(childName, [constraint.name], true)] : [],
    alsoLocked: tree.has(child.id) ? [] : [quoteName(childName)],
  }
}

/** `FOREIGN KEY (a) REFERENCES p (b) ON DELETE CASCADE`, as the constraint says it, with other columns and names. */
export function foreignKeyText(
  { references, ...constraint }: Constraint,
  columns: readonly string[],
  parent: PlainName,
  referenced: readonly string[],
): string {
  const period = references?.period === true
  const target = referenced.length === 0 ? "" : ` (${referenceColumns(referenced, period)})`
  const match = references?.match === "full" ? " MATCH FULL" : ""
  // The key's columns may go by new names.
  const setColumns = references?.onDeleteColumns.map((name) => columns[constraint.columns.indexOf(name)] ?? name) ?? []
  const onDelete =
    references === null || references.onDelete === "no action"
      ? ""
      : ` ON DELETE ${references.onDelete.toUpperCase()}${setColumns.length === 0 ? "" : ` (${columnList(setColumns)})`}`
  const onUpdate =
    references === null || references.onUpdate === "no action"
      ? ""
      : ` ON UPDATE ` + `${references.onUpdate.toUpperCase()}`
  const delay = delayOf(constraint)
  return (
    `FOREIGN KEY (${referenceColumns(columns, period)}) REFERENCES ` +
    `${quoteName(parent)}${target}${match}${onDelete}${onUpdate}${delay}`
  )
}

/** The statement that copies constraints: what they do not check, it was told not to check. */
function likeOriginals(originals: readonly Constraint[], statement: string): string {
  const asked = originals.every(({ enforced }) => enforced) ? statement : acknowledged("constraint-not-enforced", "no more than before", statement)
  return originals.every(({ enforced, validated }) => validated || !enforced) ? asked : acknowledged("constraint-never-validated", "no more than before", asked)
}

/** How the copy begins, without a look at the rows; what was not enforced (18) is not enforced afterwards. */
function unchecked({ enforced }: Constraint): string {
  return enforced ? "NOT VALID" : "NOT ENFORCED"
}

