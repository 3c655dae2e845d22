import { createHash } from "node:crypto"
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Case, CaseSchema } from "./case.ts"
import type { Observation } from "./observation.ts"
import { observeMajor } from "./run-major.ts"
import type { Major } from "./versions.ts"

const here = dirname(fileURLToPath(import.meta.url))

/**
 * Like `observeMajor`, but asks a server only for what an earlier run with the same harness did not ask: for work on pgsafe's
 * effects, never for a proof.
 */
export async function observeMajorCached(
  major: Major,
  schemas: Readonly<Record<string, CaseSchema>>,
  cases: readonly Case[],
): Promise<Map<string, Observation>> {
  const file = join(here, ".cache", `${String(major)}-${await harnessHash()}.json`)
  const known = new Map<string, Observation>(
    await readFile(file, "utf8").then(
      (text) => JSON.parse(text) as [string, Observation][],
      () => [],
    ),
  )
  const key = (one: Case): string =>
    createHash("sha1").update(JSON.stringify([schemas[one.schema]?.sql, one.session, one.sql])).digest("hex")
  const missing = cases.filter((one) => !known.has(key(one)) && (schemas[one.schema]?.since ?? major) <= major)
  if (missing.length > 0) {
    const observed = await observeMajor(major, schemas, missing)
    for (const one of missing) {
      const seen = observed.get(one.id)
      if (seen !== undefined) known.set(key(one), seen)
    }
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, JSON.stringify([...known]))
  }
  return new Map(cases.flatMap((one) => {
    const seen = known.get(key(one))
    return seen === undefined ? [] : [[one.id, seen]]
  }))
}

/** Changes whenever something that shapes observations changes. */
async function harnessHash(): Promise<string> {
  const hash = createHash("sha1")
  const names = ["database", "observation", "observe", "observe-outside", "server", "versions", "work", "workbench"]
  for (const file of (await readdir(here)).sort()) {
    if (names.includes(file.replace(/\.ts$/, ""))) hash.update(await readFile(join(here, file)))
  }
  return hash.digest("hex").slice(0, 12)
}
