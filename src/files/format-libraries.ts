/**
 * The libraries that read YAML, TOML and XML, which the build puts into a file of its own: few projects have such settings or changelogs, and the
 * others are not to wait for it.
 */
import { SaxesParser } from "saxes"
import { parse } from "smol-toml"
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml"

export const toml = { parse }
export const yaml = { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments }
export const xml = { SaxesParser }

export interface FormatLibraries {
  readonly toml: typeof toml
  readonly yaml: typeof yaml
  readonly xml: typeof xml
}
