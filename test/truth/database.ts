import type pg from "pg"
import type { Case, CaseSchema } from "./case.ts"
import type { Observation } from "./observation.ts"
import { observeInTransaction, readRelations } from "./observe.ts"
import { observeOutside } from "./observe-outside.ts"
import type { Workbench } from "./workbench.ts"

/** Looks at the database as a case's statement left it, in the statement's own transaction where it has one. */
export type Inspect = (one: Case, session: pg.Client) => Promise<void>

const writesRows = /^(insert|update|delete|merge|copy)\b/i

/** Observes all cases of one schema. The answers come in the order of the cases. */
export async function observeSchema(
  bench: Workbench,
  schema: CaseSchema,
  cases: readonly Case[],
  inspect: Inspect = async () => undefined,
): Promise<Observation[]> {
  await bench.reset(schema.sql)
  const session = await bench.connect()
  const observations: Observation[] = []
  try {
    const before = await readRelations(session)
    for (const one of cases) {
      // A session keeps the bounds of partitions that it wrote to, and does not look at their parents again.
      const own = writesRows.test(one.sql) ? await bench.connect() : session
      const options = { prepare: one.session ?? "", inspect: () => inspect(one, own) }
      observations.push(await observeInTransaction(own, before, one.sql, options))
      if (own !== session) await own.end()
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
      inspect: (session) => inspect(one, session),
    })
  }
  return observations
}
