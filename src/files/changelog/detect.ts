/** What tells Liquibase's changelogs in XML, YAML and JSON from other files in these formats. */
/** Paths that such files may have: there is too much beside migrations to look into all of it. */
const PATH = /(?:\.xml|\.ya?ml|(?:changelog|liquibase)[^/]*(?:\/.*)?\.json)$/i
/** How they begin. YAML may have parts of its own in front, to which the changes refer. */
export const CHANGELOG = /^\uFEFF?(?:\s*<\?xml[^>]*>)?(?:\s|<!--(?:(?!-->)[^])*-->|#.*(?!.)|---(?!.))*[<{]?\s*["']?databaseChangeLog\b|\ndatabaseChangeLog[ \t]*:/

/** Whether a file may be a changelog, as far as its path tells. */
export function mayBeChangelog(path: string): boolean {
  return PATH.test(path)
}

/** Whether a file is a changelog, by its path and beginning. */
export function isChangelog(path: string, head: string | undefined): boolean {
  return head !== undefined && mayBeChangelog(path) && CHANGELOG.test(head)
}
