/** SQL in JavaScript and TypeScript: found, put together into a script, and mapped back. */
export { child, isNode, type Node } from "./node.ts"
export type { EmbeddedText, HostFile } from "./evaluate.ts"
export { areOthers, createFinder, hasSqlComments, isForOthers, isInactive, textAt, type FindOptions, type FoundText } from "./find.ts"
export { createScript, runsOf, type Script } from "./script.ts"
export { inTransactions, transactionOf } from "./transaction.ts"
export { createTargets, type Target, type Targets } from "./targets.ts"
export { CODE_TOOLS, codeRunner, isCodeMigration, isCodeTool, speaksToOthers, type CodeToolId } from "./migration.ts"
export { toHost, type HostEdit } from "./text.ts"
