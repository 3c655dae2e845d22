/** Whether a file of code is a migration. */
import { isCodeMigration } from "../embedded/index.ts"
import { speaksToOthers } from "../files/dialect.ts"
import { isForeign, relative } from "../files/paths.ts"
import type { RuleContext } from "./host.ts"

/** The file's path relative to where ESLint runs, with `/`. */
export function pathOf({ filename, cwd }: RuleContext): string {
  return relative(filename.replaceAll("\\", "/"), cwd.replaceAll("\\", "/"))
}

/** @param asked What the user calls a migration; null: it is found out from path and content. */
export function isMigration(context: RuleContext, asked: ((path: string) => boolean) | null): boolean {
  const path = pathOf(context)
  return asked?.(path) ?? (isCodeMigration(path, context.sourceCode.text) && !isForeign(path))
}

/** Whether a file of code is written for another database. */
export function isForOthers(context: RuleContext): boolean {
  return isForeign(pathOf(context)) || speaksToOthers(context.sourceCode.text)
}
