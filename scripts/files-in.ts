import { readdirSync } from "node:fs"

/** What the files of a folder are called, sorted: each is one rule, or one adapter, and `index.ts` lists them. */
export function idsIn(folder: URL): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && name !== "index.ts")
    .map((name) => name.slice(0, -".ts".length))
    .sort()
}
