import { qualified } from "./qualified.ts"
import { addColumns as addColumnsRecipe } from "./recipes/add-column.ts"
import { createIndex as createIndexRecipe } from "./recipes/create-index.ts"
import { createWithoutKeys as createWithoutKeysRecipe } from "./recipes/create-table.ts"
import { dropIndex as dropIndexRecipe } from "./recipes/drop-index.ts"
import { moveIndex as moveIndexRecipe, reindex as reindexRecipe } from "./recipes/reindex.ts"
import { replaceIndex as replaceIndexRecipe } from "./recipes/replace-index.ts"
import { renameColumn as renameColumnRecipe } from "./recipes/rename-column.ts"
import { renameRelation as renameRelationRecipe, setSchema as setSchemaRecipe } from "./recipes/rename-relation.ts"
import { changeColumnTypes as changeColumnTypesRecipe } from "./recipes/change-type.ts"
import { batchUpdate as batchUpdateRecipe, batchDelete as batchDeleteRecipe } from "./recipes/backfill.ts"
import { replacePrimaryKey as replacePrimaryKeyRecipe, keepReplicaIdentity as keepReplicaIdentityRecipe } from "./recipes/replica-identity.ts"
import { setExpression as setExpressionRecipe } from "./recipes/set-expression.ts"
import { setNotNull as setNotNullRecipe } from "./recipes/set-not-null.ts"
import { addConstraint as addConstraintRecipe, addConstraints as addConstraintsRecipe } from "./recipes/add-constraint.ts"
import { enforceConstraint as enforceConstraintRecipe } from "./recipes/enforce-constraint.ts"
import { validateLater as validateLaterRecipe } from "./recipes/validate-constraint.ts"

import { dropColumns as dropColumnsRecipe } from "./recipes/drop-column.ts"
import { replaceColumn as replaceColumnRecipe } from "./recipes/replace-column.ts"
import { dropRelations as dropRelationsRecipe } from "./recipes/drop-object.ts"
import { repackTable as repackTableRecipe } from "./recipes/rewrite-table.ts"
import { attachPartition as attachPartitionRecipe, detachPartition as detachPartitionRecipe, createPartition as createPartitionRecipe } from "./recipes/partition.ts"
import { refreshMaterializedView as refreshMaterializedViewRecipe } from "./recipes/refresh.ts"
import { truncate as truncateRecipe } from "./recipes/truncate.ts"

export type { RecipeContext } from "./context.ts"
export type { Duration, Step } from "./step.ts"
export { isSameTable } from "./facts.ts"
export type { AddColumnsParameters } from "./recipes/add-column.ts"
export type { CreateIndexParameters } from "./recipes/create-index.ts"
export type { CreateWithoutKeysParameters } from "./recipes/create-table.ts"
export type { DropIndexParameters } from "./recipes/drop-index.ts"
export { isRebuiltConcurrently, type ReindexParameters } from "./recipes/reindex.ts"
export type { ReplaceIndexParameters } from "./recipes/replace-index.ts"
export type { RenameColumnParameters } from "./recipes/rename-column.ts"
export type { RenameRelationParameters } from "./recipes/rename-relation.ts"
export type { SetSchemaParameters } from "./recipes/rename-relation.ts"
export { renameEnumValue, type RenameEnumValueParameters } from "./recipes/rename-enum-value.ts"
export type { ChangeColumnTypesParameters, TypeChange } from "./recipes/change-type.ts"
export type { BatchUpdateParameters } from "./recipes/backfill.ts"
export type { BatchDeleteParameters } from "./recipes/backfill.ts"
export type { ReplacePrimaryKeyParameters } from "./recipes/replica-identity.ts"
export type { KeepReplicaIdentityParameters } from "./recipes/replica-identity.ts"
export { orderRowSecurity, type OrderRowSecurityParameters } from "./recipes/row-security.ts"
export { replacePolicies, type ReplacePoliciesParameters } from "./recipes/row-security.ts"
export { widenSequence, type WidenSequenceParameters } from "./recipes/widen-sequence.ts"
export type { SetExpressionParameters } from "./recipes/set-expression.ts"
export type { SetNotNullParameters } from "./recipes/set-not-null.ts"
export type { AddConstraintParameters, AddConstraintsParameters } from "./recipes/add-constraint.ts"
export type { EnforceConstraintParameters } from "./recipes/enforce-constraint.ts"
export { validation, type ValidateLaterParameters } from "./recipes/validate-constraint.ts"
export { changeLater, dropDefaults, type ChangeLaterParameters, type DropDefaultsParameters } from "./recipes/change-later.ts"
export type { DropColumnsParameters } from "./recipes/drop-column.ts"
export { withoutColumns, type ReplaceColumnParameters } from "./recipes/replace-column.ts"
export type { DropRelationsParameters } from "./recipes/drop-object.ts"
export { replaceTable, type RepackTableParameters } from "./recipes/rewrite-table.ts"
export type { AttachPartitionParameters } from "./recipes/partition.ts"
export type { DetachPartitionParameters } from "./recipes/partition.ts"
export type { CreatePartitionParameters } from "./recipes/partition.ts"
export type { RefreshMaterializedViewParameters } from "./recipes/refresh.ts"
export type { TruncateParameters } from "./recipes/truncate.ts"
export { addDomainConstraint, type AddDomainConstraintParameters } from "./recipes/domain-constraint.ts"
export { withLockTimeout, type WithLockTimeoutParameters } from "./recipes/lock-timeout.ts"
export { noTimeout, timeoutAgain, type TimeoutSetting } from "./recipes/timeout.ts"
export { withoutTimeouts, type SessionTimeout, type WithoutTimeoutsParameters } from "./recipes/timeout.ts"

// What rules hand over are names as the migration has them.
export const addColumns = qualified(addColumnsRecipe)
export const createIndex = qualified(createIndexRecipe)
export const createWithoutKeys = qualified(createWithoutKeysRecipe)
export const dropIndex = qualified(dropIndexRecipe)
export const moveIndex = qualified(moveIndexRecipe)
export const reindex = qualified(reindexRecipe)
export const replaceIndex = qualified(replaceIndexRecipe)
export const renameColumn = qualified(renameColumnRecipe)
export const renameRelation = qualified(renameRelationRecipe)
export const setSchema = qualified(setSchemaRecipe)
export const changeColumnTypes = qualified(changeColumnTypesRecipe)
export const batchUpdate = qualified(batchUpdateRecipe)
export const batchDelete = qualified(batchDeleteRecipe)
export const replacePrimaryKey = qualified(replacePrimaryKeyRecipe)
export const keepReplicaIdentity = qualified(keepReplicaIdentityRecipe)
export const setExpression = qualified(setExpressionRecipe)
export const setNotNull = qualified(setNotNullRecipe)
export const addConstraint = qualified(addConstraintRecipe)
export const addConstraints = qualified(addConstraintsRecipe)
export const enforceConstraint = qualified(enforceConstraintRecipe)
export const validateLater = qualified(validateLaterRecipe)

export const dropColumns = qualified(dropColumnsRecipe)
export const replaceColumn = qualified(replaceColumnRecipe)
export const dropRelations = qualified(dropRelationsRecipe)
export const repackTable = qualified(repackTableRecipe)
export const attachPartition = qualified(attachPartitionRecipe)
export const detachPartition = qualified(detachPartitionRecipe)
export const createPartition = qualified(createPartitionRecipe)
export const refreshMaterializedView = qualified(refreshMaterializedViewRecipe)
export const truncate = qualified(truncateRecipe)
