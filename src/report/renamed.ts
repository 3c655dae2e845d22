import type { Reporter } from "./reporter.ts"

/** A reporter that calls files by other names than those they were given by. */
export function renamed(reporter: Reporter, nameOf: (file: string) => string): Reporter {
  const named = <T extends { readonly file: string }>(place: T): T => ({ ...place, file: nameOf(place.file) })
  return {
    ...reporter,
    file: (findings, sql) => reporter.file(findings.map((finding) => ({ ...named(finding), related: finding.related.map(named) })), sql),
    error: (error) => reporter.error(named(error)),
  }
}
