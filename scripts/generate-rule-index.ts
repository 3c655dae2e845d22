/** Writes `rules/index.ts` from the rules beside it (`npm run generate`). */
import { writeFileSync } from "node:fs"
import { idsIn } from "./files-in.ts"

const folder = new URL("../rules/", import.meta.url)

/** The text of the index, given the rules' ids. */
export function ruleIndex(ids: readonly string[]): string {
  const names = ids.map((id) => [id, id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] as const)
  return [
    "// Written by scripts/generate-rule-index.ts. Do not edit.",
    'import type { Rule } from "../src/engine/rule.ts"',
    ...names.map(([id, name]) => `import ${name} from "./${id}.ts"`),
    "",
    "/** Every rule, by id. */",
    "export const rules: readonly Rule[] = [",
    ...names.map(([, name]) => `  ${name},`),
    "]",
    "",
  ].join("\n")
}

/** The ids of the rules, sorted: each is the name of its file. */
export function ruleIds(): readonly string[] {
  return idsIn(folder)
}

export function writeRuleIndex(): void {
  writeFileSync(new URL("index.ts", folder), ruleIndex(ruleIds()))
}
