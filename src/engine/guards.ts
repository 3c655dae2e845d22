/** What of a file runs where its code asks the schema first, as far as the history tells the answers. */
import type { Statement } from "../parse/operation.ts"
import type { Span } from "../source/span.ts"
import type { Catalog } from "../schema/catalog.ts"
import type { Doubt, GuardedPart, Question, SessionFile } from "./input.ts"
import { namesIn } from "../source/written-names.ts"

/** What is left of a file: without what does not run, and without doubts about what runs or does not. */
interface Settled {
  readonly statements: readonly Statement[]
  readonly doubts: readonly Doubt[]
}

/** An answer; `isSure`: nothing that may not have run stands behind it. */
interface Answer {
  readonly value: boolean
  readonly isSure: boolean
}

/** What is known before the file. */
interface Known {
  readonly catalog: Catalog
  /** As in `Deploying`. */
  readonly begun: boolean
}

/** Leaves out what does not run. */
export function settle(statements: readonly Statement[], { doubts = [], guarded = [] }: Pick<SessionFile, "doubts" | "guarded">, known: Known, text: (span: Span) => string): Settled {
  if (guarded.length === 0) return { statements, doubts }
  const answers = new Map<Question, Answer | null>()
  const settled = new Map<GuardedPart, boolean>()
  const running: Statement[] = []
  const touched = createTouched(text)
  let next = 0
  const runUpTo = (end: number, runs: boolean): void => {
    for (let statement = statements[next]; statement !== undefined && statement.span.start < end; statement = statements[++next]) {
      if (!runs) continue
      running.push(statement)
      touched.add(statement)
    }
  }
  const asks = ({ start }: GuardedPart, question: Question): Answer | null => {
    const given = answers.get(question)
    if (given !== undefined) return given
    const isDoubted = doubts.some(({ at, of, words }) => at <= start && (of === undefined || !settled.has(of)) && words.includes(question.relation.name))
    const answer = isDoubted || touched.has(question.relation.name) ? null : answerOf(question, known)
    answers.set(question, answer)
    return answer
  }
  for (const part of guarded) {
    runUpTo(part.start, true)
    const found = part.guards.map(({ question, answer }) => ({ given: asks(part, question), wanted: answer }))
    const isOut = found.some(({ given, wanted }) => given !== null && given.value !== wanted)
    if (isOut) settled.set(part, false)
    else if (!part.maybe && found.every(({ given }) => given?.isSure === true)) settled.set(part, true)
    runUpTo(part.end, !isOut)
  }
  runUpTo(Infinity, true)
  return { statements: running, doubts: doubts.filter(({ of }) => of === undefined || !settled.has(of)) }
}

/** What may change tables that it does not name. */
const VAGUE = /^\s*(?:do|call|select|with|execute)\b|\bcascade\b|\bschema\b|\bsearch_path\b/i

/** The names in the statements of the file that have run already. */
function createTouched(text: (span: Span) => string): { add(statement: Statement): void; has(name: string): boolean } {
  const names = new Set<string>()
  let isVague = false
  return {
    add({ span }) {
      const sql = text(span)
      isVague ||= VAGUE.test(sql)
      for (const name of namesIn(sql)) names.add(name)
    },
    has: (name) => isVague || names.has(name),
  }
}

/** Null where the history does not tell. The libraries ask information_schema for names in the current schema. */
function answerOf({ relation: name, column }: Question, { begun, catalog }: Known): Answer | null {
  const relation = catalog.relation(name)
  if (relation === undefined) {
    // As for IF NOT EXISTS: the migrations before it are known, and none makes it.
    const isMissing = catalog.rulesOut(name) || (begun && catalog.isCertain(name))
    return isMissing ? { value: false, isSure: true } : null
  }
  const isElsewhere = name.schema === null && relation.schema !== catalog.creationSchema
  if (isElsewhere || relation.kind === "materialized view") return null
  const isSure = relation.created !== null && !catalog.isDoubtful(relation.name)
  if (column === null) return { value: true, isSure }
  if (catalog.column(relation, column) === undefined) return relation.known ? { value: false, isSure } : null
  return catalog.isDoubtful(column) ? null : { value: true, isSure: isSure && relation.known }
}
