// Written by scripts/generate-rule-index.ts. Do not edit.
import type { Rule } from "../src/engine/rule.ts"
import backfillHoldsLock from "./backfill-holds-lock.ts"
import charPadsValues from "./char-pads-values.ts"
import checkConstraintScansTable from "./check-constraint-scans-table.ts"
import clusterRewritesTable from "./cluster-rewrites-table.ts"
import columnAddRewritesTable from "./column-add-rewrites-table.ts"
import columnAddScansTable from "./column-add-scans-table.ts"
import columnDropBreaksCode from "./column-drop-breaks-code.ts"
import columnRenameBreaksCode from "./column-rename-breaks-code.ts"
import commitEndsToolTransaction from "./commit-ends-tool-transaction.ts"
import constraintNeverValidated from "./constraint-never-validated.ts"
import constraintNotEnforced from "./constraint-not-enforced.ts"
import defaultChangeBreaksWriters from "./default-change-breaks-writers.ts"
import deployMixesPhases from "./deploy-mixes-phases.ts"
import domainConstraintScansTables from "./domain-constraint-scans-tables.ts"
import enumValueRenameBreaksCode from "./enum-value-rename-breaks-code.ts"
import exclusionConstraintBlocksQueries from "./exclusion-constraint-blocks-queries.ts"
import exclusiveLockPausesReplicas from "./exclusive-lock-pauses-replicas.ts"
import forbiddenInTransaction from "./forbidden-in-transaction.ts"
import foreignKeyBlocksWrites from "./foreign-key-blocks-writes.ts"
import foreignKeyNarrowerThanKey from "./foreign-key-narrower-than-key.ts"
import foreignKeyWithoutIndex from "./foreign-key-without-index.ts"
import identifierTruncated from "./identifier-truncated.ts"
import indexCreationBlocksWrites from "./index-creation-blocks-writes.ts"
import indexDropBlocksQueries from "./index-drop-blocks-queries.ts"
import indexGoneBeforeReplacement from "./index-gone-before-replacement.ts"
import indexOfManyColumns from "./index-of-many-columns.ts"
import invalidIndexKept from "./invalid-index-kept.ts"
import jsonWithoutEquality from "./json-without-equality.ts"
import lockTimeoutCancelsBuild from "./lock-timeout-cancels-build.ts"
import lockTimeoutMissing from "./lock-timeout-missing.ts"
import longStatementHoldsLock from "./long-statement-holds-lock.ts"
import mixedFileRefused from "./mixed-file-refused.ts"
import moneyType from "./money-type.ts"
import notNullDropBreaksReaders from "./not-null-drop-breaks-readers.ts"
import notNullScansTable from "./not-null-scans-table.ts"
import objectDropBreaksCode from "./object-drop-breaks-code.ts"
import objectRenameBreaksCode from "./object-rename-breaks-code.ts"
import partitionAttachScansTable from "./partition-attach-scans-table.ts"
import partitionDetachBlocksQueries from "./partition-detach-blocks-queries.ts"
import primaryKeyBlocksQueries from "./primary-key-blocks-queries.ts"
import primaryKeyNarrowerThanBigint from "./primary-key-narrower-than-bigint.ts"
import refreshBlocksReads from "./refresh-blocks-reads.ts"
import reindexBlocksQueries from "./reindex-blocks-queries.ts"
import replicaIdentityLost from "./replica-identity-lost.ts"
import requiredColumnWithoutDefault from "./required-column-without-default.ts"
import rowSecurityHidesRows from "./row-security-hides-rows.ts"
import sequenceNarrowerThanColumn from "./sequence-narrower-than-column.ts"
import serialColumn from "./serial-column.ts"
import statementFails from "./statement-fails.ts"
import statementTimeoutCancelsBuild from "./statement-timeout-cancels-build.ts"
import storageChangeRewritesTable from "./storage-change-rewrites-table.ts"
import syntaxError from "./syntax-error.ts"
import tableDropLosesData from "./table-drop-loses-data.ts"
import tableRenameBreaksCode from "./table-rename-breaks-code.ts"
import timestampWithoutTimeZone from "./timestamp-without-time-zone.ts"
import transactionLeftOpen from "./transaction-left-open.ts"
import transactionLocksSeveralTables from "./transaction-locks-several-tables.ts"
import transactionMissing from "./transaction-missing.ts"
import transactionSwitchIgnored from "./transaction-switch-ignored.ts"
import truncateLosesData from "./truncate-loses-data.ts"
import typeChangeBlocksQueries from "./type-change-blocks-queries.ts"
import unbatchedBackfill from "./unbatched-backfill.ts"
import uniqueConstraintBlocksQueries from "./unique-constraint-blocks-queries.ts"
import unknownSuppression from "./unknown-suppression.ts"
import unusedSuppression from "./unused-suppression.ts"
import vacuumFullRewritesTable from "./vacuum-full-rewrites-table.ts"
import validationHoldsLock from "./validation-holds-lock.ts"
import varcharWithLength from "./varchar-with-length.ts"

/** Every rule, by id. */
export const rules: readonly Rule[] = [
  backfillHoldsLock,
  charPadsValues,
  checkConstraintScansTable,
  clusterRewritesTable,
  columnAddRewritesTable,
  columnAddScansTable,
  columnDropBreaksCode,
  columnRenameBreaksCode,
  commitEndsToolTransaction,
  constraintNeverValidated,
  constraintNotEnforced,
  defaultChangeBreaksWriters,
  deployMixesPhases,
  domainConstraintScansTables,
  enumValueRenameBreaksCode,
  exclusionConstraintBlocksQueries,
  exclusiveLockPausesReplicas,
  forbiddenInTransaction,
  foreignKeyBlocksWrites,
  foreignKeyNarrowerThanKey,
  foreignKeyWithoutIndex,
  identifierTruncated,
  indexCreationBlocksWrites,
  indexDropBlocksQueries,
  indexGoneBeforeReplacement,
  indexOfManyColumns,
  invalidIndexKept,
  jsonWithoutEquality,
  lockTimeoutCancelsBuild,
  lockTimeoutMissing,
  longStatementHoldsLock,
  mixedFileRefused,
  moneyType,
  notNullDropBreaksReaders,
  notNullScansTable,
  objectDropBreaksCode,
  objectRenameBreaksCode,
  partitionAttachScansTable,
  partitionDetachBlocksQueries,
  primaryKeyBlocksQueries,
  primaryKeyNarrowerThanBigint,
  refreshBlocksReads,
  reindexBlocksQueries,
  replicaIdentityLost,
  requiredColumnWithoutDefault,
  rowSecurityHidesRows,
  sequenceNarrowerThanColumn,
  serialColumn,
  statementFails,
  statementTimeoutCancelsBuild,
  storageChangeRewritesTable,
  syntaxError,
  tableDropLosesData,
  tableRenameBreaksCode,
  timestampWithoutTimeZone,
  transactionLeftOpen,
  transactionLocksSeveralTables,
  transactionMissing,
  transactionSwitchIgnored,
  truncateLosesData,
  typeChangeBlocksQueries,
  unbatchedBackfill,
  uniqueConstraintBlocksQueries,
  unknownSuppression,
  unusedSuppression,
  vacuumFullRewritesTable,
  validationHoldsLock,
  varcharWithLength,
]
