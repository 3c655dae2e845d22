import type { Name } from "../parse/name.ts"
import type { Statement } from "../parse/operation.ts"

/** How the code that is running can come upon a table that the deploy makes. */
export interface Reach {
  /** Names that something had before and lost in the deploy: whatever takes them is used at once. */
  readonly names: Set<string>
  /** A trigger on an older table may write into new ones. */
  triggers: boolean
}

/** Whether running code may read or write a new table of that name. */
export function isReached({ names, triggers }: Reach, name: string): boolean {
  return triggers || names.has(name)
}

/** Keeps `reach` up to date; `isNew` answers for relations as they are before the statement. */
export function followReach(reach: Reach, { operations }: Statement, isNew: (name: Name) => boolean): void {
  for (const operation of operations) {
    switch (operation.op) {
      case "rename relation":
      case "set schema":
        if (!isNew(operation.relation)) reach.names.add(operation.relation.name)
        break
      case "drop":
        for (const { name } of operation.objects) if (!isNew(name)) reach.names.add(name.name)
        break
      case "create trigger":
        if (!isNew(operation.table)) reach.triggers = true
        break
      default:
    }
  }
}
