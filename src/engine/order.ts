/** What is known of the order in which the files of a project run. */
import { isLoose } from "../files/sequence.ts"
import type { MigrationFile, Runner } from "../files/types.ts"

/** Whether the files of a project run one after the other. */
export function isOrdered(runner: Runner | null, { key }: MigrationFile): boolean {
  return runner !== null && (!isLoose(runner.framework) || /^v?\d/i.test(key))
}

/** The same, and nothing else comes in between. */
export function isSequential(runner: Runner | null, file: MigrationFile): boolean {
  return runner !== null && (!isLoose(runner.framework) || (runner.numbered === true && isOrdered(runner, file)))
}

/** Whether a file with nothing before it is the first one of its project: by its number, which is 0 or 1 or a date. */
export function isBeginning(runner: Runner | null, file: MigrationFile): boolean {
  return isOrdered(runner, file) && file.direction !== "down" && !/^v?0*(?:[2-9]|[1-9]\d{1,5})(?!\d)/i.test(file.key)
}
