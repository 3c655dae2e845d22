import type { Format } from "../report/reporter.ts"
import type { ColorChoice } from "./terminal.ts"

/** What commander hands over for `pgsafe lint`. */
export interface LintFlags {
  readonly pgVersion?: number
  readonly format?: Format
  readonly select?: readonly string[]
  readonly ignore?: readonly string[]
  readonly transaction?: boolean
  readonly direction: "up" | "down" | "both"
  readonly searchPath?: readonly string[]
  readonly framework?: string
  readonly maxWarnings?: number
  readonly quiet?: boolean
  readonly color?: ColorChoice | boolean
  readonly config?: string
  readonly stdinFilename?: string
  readonly since?: string
  readonly staged?: boolean
  readonly schema?: string
  readonly stats?: string
  readonly app?: readonly string[]
  readonly cache?: boolean
  readonly cacheLocation?: string
  readonly verbose?: boolean
}
