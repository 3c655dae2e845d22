import type { Identifier, Name } from "../../parse/name.ts"
import type { RelationKeyword } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"

export type RenameRelationParameters = Readonly<{ relation: Name; keyword: RelationKeyword; newName: Identifier }>

/** RENAME of a table or view. */
export function renameRelation(parameters: RenameRelationParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

export type SetSchemaParameters = Readonly<{ relation: Name; keyword: RelationKeyword; schema: Identifier }>

/** SET SCHEMA of a table or view. */
export function setSchema(parameters: SetSchemaParameters, context: RecipeContext): Step[] {
  void parameters
  void context
  return []
}

