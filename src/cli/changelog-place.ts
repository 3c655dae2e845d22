/** Finds what the other changelogs of a project say of one. */
import type { ChangelogPlace } from "../code/index.ts"
import { ranBefore } from "../files/changelog/ran.ts"
import { filesRead, fileOf, treeWith } from "../files/changelog/tree.ts"
import { knownFiles } from "../files/known-files.ts"
import type { KnownFiles } from "../files/framework.ts"
import { relative } from "../files/paths.ts"
import type { ProjectFiles, Runner } from "../files/types.ts"

const known = new WeakMap<ProjectFiles, KnownFiles>()

/** The changesets of a changelog that have run before it was changed, or the others. */
export interface ChangelogPart {
  readonly hasRun: boolean
  /** What the changelog was like. */
  readonly before: string
  /** Whether a file has been changed, by its absolute path. */
  readonly isChanged: (full: string) => boolean
}

/** Null where nothing reads the formats of changelogs. @param full The absolute path of the changelog. */
export function changelogPlace(full: string, { session }: Pick<Runner, "session">, files: ProjectFiles, part: ChangelogPart | null): ChangelogPlace | null {
  const { formats } = files
  if (formats === undefined) return null
  const asked = known.get(files) ?? knownFiles(files)
  known.set(files, asked)
  const tree = treeWith(asked, full)
  const hasRun = part && ranBefore(full, part.before, formats)
  return {
    formats,
    properties: new Map([...defaultSchema(session), ...(tree?.properties ?? [])]),
    hasRun: (changeSet) => part !== null && hasRun?.(changeSet) === true && !filesRead(asked, full, changeSet).some(part.isChanged),
    onlyRan: part?.hasRun === true,
    occasion: tree?.files.get(full)?.occasion ?? "always",
    file: (path, isRelative) => {
      const found = fileOf(asked, full, path, isRelative)
      const text = found === undefined ? undefined : asked.read(found)
      return found === undefined || text === undefined ? null : { path: relative(found, files.cwd), text: text.replace(/^\uFEFF/, "") }
    },
  }
}

/** What Liquibase tells its changelogs of the schema that it works in: the first of the connection, which is `public` where nobody says otherwise. */
function defaultSchema(session: Runner["session"]): readonly (readonly [string, string])[] {
  const name = session?.searchPath?.schemas.find((schema) => !schema.startsWith("$")) ?? "public"
  return [["database.defaultSchemaName", name], ["database.liquibaseSchemaName", name]]
}
