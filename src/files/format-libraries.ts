/**
 * The libraries that read YAML and TOML, which the build puts into a file of its own: few projects have such settings, and the others are not
 * to wait for it.
 */
import { parse } from "smol-toml"
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml"

export const toml = { parse }
export const yaml = { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments }

export interface FormatLibraries {
  readonly toml: typeof toml
  readonly yaml: typeof yaml
}
