import type { Name } from "../../parse/name.ts"
import type { DropOperation } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { acknowledged } from "../acknowledge.ts"
import { quoteIdent } from "../../schema/format.ts"
import { dependentsFirst, listed, referenceWords, relationDependents } from "../dependents.ts"
import { createNames } from "../names.ts"
import { nameNear, referencedTables } from "../near.ts"
import { beside, quoteName, type PlainName } from "../sql.ts"
import { brief, byHand, codeLine, joinNotes, recipe } from "../steps.ts"
import { dropReference } from "./drop-reference.ts"
import { detachment } from "./partition.ts"

export type DropRelationsParameters = Readonly<DropOperation>

const KEYWORDS: Readonly<Record<string, string>> = {
  table: "TABLE",
  view: "VIEW",
  "materialized view": "MATERIALIZED VIEW",
  "foreign table": "FOREIGN TABLE",
  sequence: "SEQUENCE",
}

/**
 * DROP TABLE, VIEW, MATERIALIZED VIEW as a contract step, with what still depends on them: first out of the way, which can
 * be undone; the data goes in a later deploy.
 */
export function dropRelations(operation: DropRelationsParameters, context: RecipeContext): Step[] {
  const keyword = KEYWORDS[operation.kind]
  if (keyword === undefined) return []
  const objects = dependentsFirst(operation.objects, ({ name }) => name, context)
  const ids = objects.map(({ name }) => context.catalog.relation(name)?.id ?? -1)
  return recipe(objects.flatMap(({ name }, position) => dropSteps(name, keyword, { ...operation, before: ids.slice(0, position), behind: ids.slice(position + 1) }, context)))
}

/** How an object is dropped, and with which others. */
interface Dropped extends Pick<DropRelationsParameters, "ifExists" | "cascade"> {
  /** Relations that are gone by then, and that go later. */
  readonly before: readonly number[]
  readonly behind: readonly number[]
}

function dropSteps(name: Name, keyword: string, { ifExists, cascade, before, behind }: Dropped, context: RecipeContext): Step[] {
  const { catalog } = context
  const relation = catalog.relation(name)
  const dependents = relation === undefined ? null : relationDependents(catalog, relation)
  const exists = ifExists ? "IF EXISTS " : ""
  const references = (dependents?.references ?? []).filter(({ table }) => !before.includes(table))
  const taken = references.filter(({ table }) => cascade || behind.includes(table))
  const blocking = [...(dependents?.blocking ?? []), ...references.filter((reference) => !taken.includes(reference)).map((reference) => referenceWords(reference, catalog))]
  const parents = relation === undefined ? [] : referencedTables(catalog.constraintsOf(relation.id), name, context)
  const unused = byHand({
    deploy: "migrate",
    title: `Ship code that no longer uses ${quoteName(name)}`,
    note: joinNotes(
      blocking.length > 0 ? `These still use it and have to be changed first: ${listed(blocking)}.` : null,
      "Look for scans of it in pg_stat_user_tables after the deploy.",
    ),
  })
  const { step: away, left, done } = outOfTheWay(name, keyword, exists, [...before, ...behind], context)
  const drop = brief(
    {
      deploy: "contract",
      title: "Drop it in a later deploy",
      note: joinNotes(
        "Without CASCADE, so that nothing unexpected goes with it.",
        dependents !== null && dependents.dropped.length > 0 ? `Dropped with it: ${listed(dependents.dropped)}.` : null,
        parents.length > 0
          ? `For its foreign keys ${listed(parents)} ${parents.length === 1 ? "is" : "are"} locked in the same mode for the same instant.`
          : null,
      ),
    },
    left,
    "ACCESS EXCLUSIVE",
    acknowledged(
      keyword === "TABLE" ? "table-drop-loses-data" : "object-drop-breaks-code",
      `nothing has missed it since it was ${done}`,
      `DROP ${keyword} ${exists}${quoteName(left)};`,
    ),
  )
  const released = taken.flatMap((reference) => dropReference(reference, name, `references ${quoteName(name)}`, context))
  return [unused, ...released, away, drop]
}

/** A step that can be undone as long as the data is there; `left` is what the relation is called then. */
interface OutOfTheWay {
  readonly step: Step
  readonly left: PlainName
  readonly done: string
}

/** Under another name. Queries of its parents would still find its rows: a partition is detached, and an heir no longer inherits. */
function outOfTheWay(name: Name, keyword: string, exists: string, others: readonly number[], context: RecipeContext): OutOfTheWay {
  const { partition = null, inherits = [] } = context.catalog.relation(name) ?? {}
  const [parent] = parentsOf(partition === null ? [] : [partition.parent], name, others, context)
  if (parent !== undefined) return { step: detachment({ parent, partition: name }, context), left: name, done: "detached" }
  const retired = createNames(name, context).relation([], "retired")
  const left = beside(name, retired)
  const parents = parentsOf(inherits, name, others, context).map(quoteName)
  const step = brief(
    {
      deploy: "contract",
      title: "Take it out of the way under another name, and wait",
      note: joinNotes(
        "Whoever still needs it fails now, and this brings it back at once:",
        codeLine(`ALTER ${keyword} ${quoteName(left)} RENAME TO ${quoteIdent(name.name)};`),
        ...parents.map((one) => codeLine(`ALTER ${keyword} ${quoteName(name)} INHERIT ${one};`)),
      ),
    },
    name,
    "ACCESS EXCLUSIVE",
    ...parents.map((one) => `ALTER ${keyword} ${exists}${quoteName(name)} NO INHERIT ${one};`),
    acknowledged(
      "table-rename-breaks-code",
      "no running code uses it any more",
      `ALTER ${keyword} ${exists}${quoteName(name)} RENAME TO ${quoteIdent(retired)};`,
    ),
  )
  return { step, left, done: "renamed" }
}

/** What parents are called beside a table, without those that are dropped with it. */
function parentsOf(ids: readonly number[], name: Name, others: readonly number[], context: RecipeContext): readonly PlainName[] {
  return ids.flatMap((id) => {
    const parent = others.includes(id) ? undefined : context.catalog.relationById(id)
    return parent === undefined ? [] : [nameNear(parent, name, context)]
  })
}
