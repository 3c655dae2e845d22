import type { Case, CaseSchema } from "./case.ts"
import { observeSchema, type Inspect } from "./database.ts"
import type { Observation } from "./observation.ts"
import { startServer } from "./server.ts"
import type { Major } from "./versions.ts"
import { openWorkbench, type Workbench } from "./workbench.ts"

/** Observes every case that the major's schemas allow, on a server of its own. Keyed by the case's id. `also` asks more of the same server. */
export async function observeMajor(
  major: Major,
  schemas: Readonly<Record<string, CaseSchema>>,
  cases: readonly Case[],
  inspect?: Inspect,
  also: (bench: Workbench) => Promise<void> = async () => undefined,
): Promise<Map<string, Observation>> {
  const found = new Map<string, Observation>()
  const server = await startServer(major)
  try {
    const bench = await openWorkbench(server)
    for (const [name, schema] of Object.entries(schemas)) {
      const mine = cases.filter((one) => one.schema === name)
      if ((schema.since ?? major) > major || mine.length === 0) continue
      const observations = await observeSchema(bench, schema, mine, inspect)
      for (const [at, one] of mine.entries()) {
        const observed = observations[at]
        if (observed !== undefined) found.set(one.id, observed)
      }
    }
    await also(bench)
    await bench.close()
  } finally {
    await server.stop()
  }
  return found
}
