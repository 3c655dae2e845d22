import type { Case, CaseSchema } from "./case.ts"
import type { Observation } from "./observation.ts"
import { observeInTransaction, readRelations } from "./observe.ts"
import { observeOutside } from "./observe-outside.ts"
import type { Workbench } from "./workbench.ts"

/** Observes all cases of one schema. The answers come in the order of the cases. */
export async function observeSchema(
  bench: Workbench,
  schema: CaseSchema,
  cases: readonly Case[],
): Promise<Observation[]> {
  await bench.reset(schema.sql)
  const session = await bench.connect()
  const observations: Observation[] = []
  try {
    const before = await readRelations(session)
    for (const one of cases) {
      const prepare = one.session === undefined ? {} : { prepare: one.session }
      observations.push(await observeInTransaction(session, before, one.sql, prepare))
    }
  } finally {
    await session.end()
  }
  for (const [at, one] of cases.entries()) {
    if (observations[at]?.transaction !== "forbidden" || one.transactionOnly === true) continue
    observations[at] = await observeOutside(bench, {
      schema: schema.sql,
      prepare: one.session ?? "",
      sql: one.sql,
      cleanup: one.cleanup ?? "",
    })
  }
  return observations
}
