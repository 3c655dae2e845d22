import type { Case, CaseSchema } from "./case.ts"
import { disagreements, type Failure } from "./compare.ts"
import { explainEffects } from "../../src/effects/public.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import type { Claim } from "./engine.ts"
import type { Observation } from "./observation.ts"
import type { Major } from "./versions.ts"

/** One case on one major where pgsafe and the server differ. */
export interface Disagreement {
  readonly case: Case
  readonly major: Major
  readonly differences: readonly string[]
}

/** What pgsafe claims about a case on a major, through its public API. */
function claimFor(one: Case, schema: CaseSchema, major: Major): Claim {
  loadGrammar()
  const claims = explainEffects({ schema: `${schema.sql}\n${one.session ?? ""};`, sql: one.sql, pgVersion: major })
  const claim = claims[0]
  if (claim === undefined || claims.length > 1) throw new Error(`${one.id} is not one statement`)
  return claim
}

/**
 * Compares the claims for all cases with what the servers of one or more majors did. Knowing several majors tells a form that
 * one of them does not support from a statement that fails.
 */
export function judge(
  schemas: Readonly<Record<string, CaseSchema>>,
  cases: readonly Case[],
  observed: ReadonlyMap<Major, ReadonlyMap<string, Observation>>,
): Disagreement[] {
  const found: Disagreement[] = []
  for (const one of cases) {
    const schema = schemas[one.schema]
    if (schema === undefined) throw new Error(`${one.id} names an unknown schema`)
    const worksSomewhere = [...observed.values()].some((all) => all.has(one.id) && all.get(one.id)?.fails === undefined)
    for (const [major, all] of observed) {
      const real = all.get(one.id)
      if (real === undefined) continue
      const differences = compareOne(one, schema, major, real, failureKind(real, worksSomewhere, observed.size))
      if (differences.length > 0) found.push({ case: one, major, differences })
    }
  }
  return found
}

function compareOne(one: Case, schema: CaseSchema, major: Major, real: Observation, failure: Failure): string[] {
  try {
    const claim = claimFor(one, schema, major)
    if (one.transactionOnly !== true) return disagreements(claim, real, failure)
    const same = claim.transaction === real.transaction
    return same ? [] : [`transaction: ${claim.transaction} claimed, ${real.transaction} observed`]
  } catch (error) {
    return [`pgsafe threw: ${error instanceof Error ? error.message : String(error)}`]
  }
}

/** Only a syntax error certainly means that the major does not know the form. */
function failureKind(real: Observation, worksSomewhere: boolean, majors: number): Failure {
  if (real.fails?.code === "42601" && /syntax error|unrecognized/.test(real.fails.message)) return "unsupported"
  return worksSomewhere || majors === 1 ? "either" : "fails"
}
