import type { Removed } from "../../usage/index.ts"
import type { RuleContext } from "../rule.ts"

/** What a rule's problem takes away, as data for the contract check. */

interface WrittenName {
  readonly schema: string | null
  readonly name: string
}

export function removedColumn(table: WrittenName, column: string, { catalog }: RuleContext): Removed {
  const relation = catalog.relation(table)
  return { kind: "column", schema: relation?.schema ?? table.schema, table: table.name, column }
}

export function removedRelation(name: WrittenName, { catalog }: RuleContext): Removed {
  return { kind: "relation", schema: catalog.relation(name)?.schema ?? name.schema, relation: name.name }
}

export function removedFunction(name: WrittenName): Removed {
  return { kind: "function", schema: name.schema, function: name.name }
}

export function removedValue(type: WrittenName, value: string): Removed {
  return { kind: "enum value", schema: type.schema, type: type.name, value }
}
