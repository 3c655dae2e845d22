import { frameworks } from "../files/frameworks/index.ts"
import type { FrameworkId } from "../files/types.ts"
import { didYouMean } from "../source/nearest.ts"
import { UsageError } from "./usage.ts"

/** The tool that `--framework` names. @throws {UsageError} when there is none of that name. */
export function frameworkId(name: string): FrameworkId {
  const found = frameworks.find(({ id }) => id === name)
  if (found !== undefined) return found.id
  const known = frameworks.map(({ id }) => id)
  throw new UsageError(`unknown framework "${name}"${didYouMean(name, known)}; known are ${known.join(", ")}`)
}
