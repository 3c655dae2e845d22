import type { Constraint } from "./catalog.ts"

/** Whether two foreign keys ask for the same: columns, what they reference, and what they do. */
function sameForeignKey(a: Constraint, b: Constraint): boolean {
  return (
    a.kind === "foreign key" &&
    a.references?.table === b.references?.table &&
    a.columns.join() === b.columns.join() &&
    a.references?.columns.join() === b.references?.columns.join() &&
    a.references?.onDelete === b.references?.onDelete &&
    a.references?.onUpdate === b.references?.onUpdate
  )
}

/** Whether a partition's own foreign key can become a part of its parent's, if it is also validated and enforced like that one (tryAttachPartitionForeignKey). */
export function becomesPart(own: Constraint, whole: Constraint): boolean {
  return sameForeignKey(own, whole) && own.deferrable === whole.deferrable
}
