import { toml, xml, yaml } from "../../src/files/format-libraries.ts"
import { memoryFiles } from "../../src/files/memory-files.ts"
import type { ProjectFiles } from "../../src/files/types.ts"

/** A tree of files below `/repo`, which is a repository and the current folder. */
export function tree(files: Readonly<Record<string, string>>): ProjectFiles {
  const texts = Object.entries(files).map(([path, text]) => [`/repo/${path}`, text] as const)
  return { ...memoryFiles(new Map([...texts, ["/repo/.git/HEAD", ""]])), cwd: "/repo", formats: () => ({ toml, xml, yaml }) }
}
