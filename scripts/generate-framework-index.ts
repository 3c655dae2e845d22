/** Writes `src/files/frameworks/index.ts` from the adapters beside it (`npm run generate`). */
import { idsIn } from "./files-in.ts"

const folder = new URL("../src/files/frameworks/", import.meta.url)

/** The text of the index, given the names of the adapters. */
export function frameworkIndex(ids: readonly string[]): string {
  const names = ids.map((id) => [id, id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] as const)
  return [
    "// Written by scripts/generate-framework-index.ts. Do not edit.",
    'import type { Framework } from "../framework.ts"',
    ...names.map(([id, name]) => `import { framework as ${name} } from "./${id}.ts"`),
    "",
    "/** The tools that pgsafe knows. */",
    "export type FrameworkId =",
    ...ids.map((id) => `  | "${id}"`),
    "",
    "/** One adapter for each tool. */",
    "export const frameworks: readonly Framework[] = [",
    ...names.map(([, name]) => `  ${name},`),
    "]",
    "",
  ].join("\n")
}

/** The names of the adapters, sorted. */
export function frameworkIds(): readonly string[] {
  return idsIn(folder)
}
