import type { Constraint, Index } from "./catalog.ts"

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

/**
 * Whether a foreign key of another table, or the same, stands on a unique index of the table that it references: where it names columns on the
 * oldest over them, otherwise on that of the primary key (transformFkeyCheckAttrs, transformFkeyGetPrimaryKey).
 *
 * @param indexes those of the referenced table
 * @param isPrimary whether the index is that of the primary key
 */
export function standsOn({ references }: Constraint, index: Index, indexes: readonly Index[], isPrimary: boolean): boolean {
  if (references === null || !isOver(index, references.columns)) return false
  return references.primary ? isPrimary : !indexes.some((other) => other.id < index.id && isOver(other, references.columns))
}

function isOver(index: Index, columns: readonly string[]): boolean {
  return index.unique && index.predicate === null && columns.length === index.columns.length && columns.every((column) => index.columns.includes(column))
}
