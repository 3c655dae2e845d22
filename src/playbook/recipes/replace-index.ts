import type { DroppedObject } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { deriveName } from "../../schema/derived-names.ts"
import { quoteIdent } from "../../schema/format.ts"
import { beside, quoteName } from "../sql.ts"
import { alone, brief, joinNotes, lockOn, recipe } from "../steps.ts"
import { createIndex, type CreateIndexParameters } from "./create-index.ts"
import { dropIndex } from "./drop-index.ts"

export type ReplaceIndexParameters = Readonly<{
  /** The old index. */
  old: DroppedObject
  /** DROP INDEX has IF EXISTS. */
  ifExists: boolean
  /** DROP INDEX has CASCADE. */
  cascade: boolean
  create: CreateIndexParameters
  /** The new index is defined as the old one. */
  isSame: boolean
}>

/**
 * A new index first, then the old one goes: queries have one of them all the time. The same index again is what REINDEX CONCURRENTLY
 * does (from 12 on); one of the same name is built under another one and renamed.
 */
export function replaceIndex({ old, ifExists, cascade, create, isSame }: ReplaceIndexParameters, context: RecipeContext): Step[] {
  const { name } = old
  const own = create.index
  if (isSame && own?.name === name.name && context.pgVersion >= 12) {
    const note =
      "In place of the CREATE INDEX that comes later, too. Alone in its file, outside a transaction, with lock_timeout and statement_timeout off. A failed run leaves an INVALID " +
      "index whose name ends in _ccnew: drop it with DROP INDEX CONCURRENTLY and run it again."
    const title = `Build ${quoteName(name)} anew while reads, writes and the old one go on`
    return recipe([alone({ deploy: "migrate", title, note }, lockOn(create.table, "SHARE UPDATE EXCLUSIVE", "build"), `REINDEX INDEX CONCURRENTLY ${quoteName(name)};`)])
  }
  const drop = dropIndex({ objects: [old], ifExists, cascade }, context)
  if (own?.name !== name.name) return recipe([...createIndex(create, context).map(inItsPlace), ...drop])
  const schema = context.catalog.index(name)?.schema ?? context.catalog.creationSchema
  const meanwhile = deriveName([name.name, "new"], context.catalog, schema)
  const build = createIndex({ ...create, index: { ...own, name: meanwhile } }, context)
  const index = beside(name, meanwhile)
  const mode = context.pgVersion >= 12 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE"
  const rename = brief(
    { deploy: "contract", title: `Give it the name ${quoteIdent(name.name)}` },
    index,
    mode,
    `ALTER INDEX ${quoteName(index)} RENAME TO ${quoteIdent(name.name)};`,
  )
  return recipe([...build.map(inItsPlace), ...drop, rename])
}

/** The step, saying that the statement that creates the index is done with it. */
function inItsPlace(step: Step): Step {
  return step.sql.includes("CREATE") ? { ...step, note: joinNotes("In place of the CREATE INDEX that comes later.", step.note) } : step
}
