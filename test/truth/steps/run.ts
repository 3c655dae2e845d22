import type pg from "pg"
import { lint, type Step } from "../../../src/index.ts"
import { runSteps, shapeOf } from "../../playbook/database.ts"
import type { Chooser } from "../random/chooser.ts"
import { startServer, type Server } from "../server.ts"
import type { Major } from "../versions.ts"
import { byHand } from "./by-hand.ts"
import { differencesOf, isMeant, normalized, rowsIn } from "./compare.ts"
import type { Hazard } from "./hazard.ts"
import { makeSchema, type Made, type Maker } from "./schema.ts"
import { anyHazard } from "./statements.ts"
import { someWrites, type Write } from "./writes.ts"

export interface Outcome {
  readonly seed: number
  readonly kind: string
  readonly sql: string
  readonly verdict: "agrees" | "refused" | "no steps" | "by hand" | "differs" | "nothing"
  readonly differences: readonly string[]
  readonly steps: readonly Step[]
  readonly made: Made | null
  readonly hazard: Hazard | null
  readonly writes: number
}

/** Small and quick numbers for one seed (mulberry32). */
function chooserOf(seed: number): Chooser {
  let state = seed * 2654435761
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  return { pick: (items) => items[items.length === 0 ? 0 : next() % items.length], once: (n) => next() % n === n - 1, number: (below) => next() % below }
}

function makerOf(seed: number, major: number): Maker {
  let names = 0
  return { choose: chooserOf(seed), major, fresh: (base) => `${base}${String(++names)}` }
}

export interface Bench {
  readonly server: Server
  readonly admin: pg.Client
}

let databases = 0

async function open(bench: Bench): Promise<{ session: pg.Client; close: () => Promise<void> }> {
  const name = `steps_${String(++databases)}`
  await bench.admin.query(`CREATE DATABASE ${name}`)
  const session = await bench.server.connect(name)
  await session.query("SET client_min_messages = error")
  return {
    session,
    close: async () => {
      await session.end()
      await bench.admin.query(`DROP DATABASE ${name}`)
    },
  }
}

/** Batches of few rows without a pause, so that a small table has many. */
function quick(step: Step): Step {
  return { ...step, sql: step.sql.replaceAll("LIMIT 1000", "LIMIT 37").replaceAll("pg_sleep(0.1)", "pg_sleep(0)") }
}

function stepsOf(made: Made, hazard: Hazard, pgVersion: number): { steps: readonly Step[]; rules: readonly string[]; errors: readonly string[] } {
  const history = { path: "migrations/0001.sql", sql: [...made.statements, ...(hazard.prepare ?? []).filter((one) => !one.startsWith("UPDATE") && !one.startsWith("INSERT"))].map((one) => `${one};\n`).join("") }
  const files = [history, { path: "migrations/0002.sql", sql: `${hazard.sql};\n` }]
  const { findings, errors } = lint({ files, options: { pgVersion, transaction: false, ignore: ["lock-timeout-missing"] } })
  const own = findings.filter(({ file }) => file === "migrations/0002.sql")
  return { steps: own.flatMap((one) => one.steps), rules: own.map(({ rule }) => rule), errors: errors.map(({ message }) => message) }
}

/** What pgsafe says of the steps, each as a migration of its own. */
function findingsIn(made: Made, hazard: Hazard, steps: readonly Step[], hand: ReadonlyMap<number, readonly string[]>, pgVersion: number): string[] {
  const before = { path: "migrations/0001.sql", sql: [...made.statements, ...(hazard.prepare ?? []).filter((one) => !one.startsWith("UPDATE") && !one.startsWith("INSERT"))].map((one) => `${one};\n`).join("") }
  const files = steps.flatMap((step, index) => {
    const number = String(index + 2).padStart(4, "0")
    const drops = hand.get(index) ?? []
    return [
      ...(drops.length > 0 ? [{ path: `migrations/${number}_by_hand.sql`, sql: drops.map((one) => `${one};\n`).join("") }] : []),
      ...(step.sql === "" ? [] : [{ path: `migrations/${number}_step.sql`, sql: step.transaction ? `BEGIN;\n${step.sql}\nCOMMIT;\n` : `${step.sql}\n` }]),
    ]
  })
  const { findings, errors } = lint({ files: [before, ...files], options: { pgVersion, transaction: false } })
  return [
    ...errors.map(({ message }) => `lint: ${message}`),
    ...findings.filter(({ file }) => file.endsWith("_step.sql")).map(({ rule, message, statement }) => `finding in the steps: ${rule}: ${message}\n      ${statement.replace(/\s+/g, " ").slice(0, 200)}`),
  ]
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Whether a version of the application is promised to work before a step. */
function promises(hazard: Hazard, steps: readonly Step[], position: number): { old: boolean; new: boolean } {
  const at = (pattern: RegExp): number => steps.findIndex(({ title }) => pattern.test(title))
  const { renamed } = hazard
  if (renamed === undefined) return { old: true, new: true }
  if (renamed.table !== undefined) {
    const drop = at(/^Drop the view/)
    return { old: position <= drop || drop < 0, new: position > 0 }
  }
  if (renamed.column !== undefined) {
    const [both, drop] = [at(/^Deploy 3/), at(/^Deploy 4/)]
    return { old: position <= drop, new: position > both }
  }
  const code = at(/^Ship code that neither/)
  const isHeld = /A key keeps/.test(steps[code]?.note ?? "")
  return { old: position <= code, new: position >= code && !isHeld }
}

async function runSeed(bench: Bench, seed: number): Promise<Outcome> {
  const { major } = bench.server
  const maker = makerOf(seed, major)
  const made = makeSchema(maker)
  const hazard = Array.from({ length: 6 }).reduce<Hazard | null>((found) => found ?? anyHazard({ made, maker }), null)
  const outcome = (verdict: Outcome["verdict"], differences: readonly string[] = [], steps: readonly Step[] = [], writes = 0): Outcome => ({
    seed, kind: hazard?.kind ?? "", sql: hazard?.sql ?? "", verdict, differences, steps, made, hazard, writes,
  })
  if (hazard === null || hazard.sql === "") return outcome("nothing")
  const direct = await open(bench)
  let safe: Awaited<ReturnType<typeof open>> | null = null
  try {
    const failedMade = async (session: pg.Client): Promise<string | null> => {
      for (const statement of [...made.statements, ...made.rows, ...(hazard.prepare ?? [])]) {
        try {
          await session.query(statement)
        } catch (error) {
          return `generator: ${text(error)}: ${statement.slice(0, 300)}`
        }
      }
      return null
    }
    const failed = await failedMade(direct.session)
    if (failed !== null) return outcome("nothing", [failed])
    const { steps: given, errors } = stepsOf(made, hazard, major)
    if (errors.length > 0) return outcome("differs", errors)
    const steps = given.map(quick)
    if (steps.length === 0) return outcome("no steps")
    const hand = new Map<number, readonly string[]>()
    for (const [position, step] of steps.entries()) {
      const before = [...hand.values()].flat()
      hand.set(position, [...byHand([step], hazard).filter((drop) => !before.includes(drop)), ...(step.sql === "" && hazard.kind === "refresh" && hazard.byHand !== undefined ? [hazard.byHand] : [])])
    }
    const named = [...new Set([...hand.values()].flat())].filter((one) => one !== hazard.byHand)
    if (steps.every(({ sql }) => sql === "") || steps.some(({ title, sql }) => sql.includes("pg_repack") || title.startsWith("Go from the lowest") || /cannot be converted beside running/.test(title))) return outcome("by hand", [], steps)
    const perStep = 3
    const rounds = hazard.quiet === true ? [] : steps.map((_, position) => someWrites(maker, hazard, perStep, 2000 + position * 20))
    const during = hazard.quiet === true ? [] : steps.map((step, position) => (step.transaction ? [] : someWrites(maker, hazard, 6, 2010 + position * 20)))
    const last = hazard.quiet === true ? [] : someWrites(maker, hazard, perStep, 2000 + steps.length * 20)
    const swap = steps.findIndex(({ title }) => /^Swap the/.test(title))
    const switched = swap < 0 ? steps.length : swap + 1
    const kept = new Set<Write>()
    // What the application cannot write even so is left out on both sides.
    const writeDirectly = async (some: readonly Write[], version: "old" | "new"): Promise<void> => {
      for (const write of some) {
        const done = await direct.session.query(write[version]).then(
          () => true,
          () => false,
        )
        if (done) kept.add(write)
      }
    }
    await writeDirectly(rounds.slice(0, switched).flatMap((round, position) => [...round, ...(during[position] ?? [])]), "old")
    try {
      for (const one of named) await direct.session.query(one)
    } catch (error) {
      return outcome("differs", [`what is named cannot be dropped: ${text(error)}: ${named.join("; ")}`], steps)
    }
    try {
      await direct.session.query(hazard.directly ?? hazard.sql)
    } catch (error) {
      return outcome("refused", [text(error)], steps)
    }
    await writeDirectly([...rounds.slice(switched).flatMap((round, position) => [...round, ...(during[switched + position] ?? [])]), ...last], "new")
    safe = await open(bench)
    const failedSafe = await failedMade(safe.session)
    if (failedSafe !== null) return outcome("nothing", [failedSafe])
    const differences: string[] = []
    let writes = 0
    const write = async (some: readonly Write[], position: number, session = safe?.session): Promise<void> => {
      for (const one of some) {
        if (!kept.has(one) || session === undefined) continue
        const may = promises(hazard, steps, position)
        const words = position === steps.length ? one.new : may.old && may.new ? (position % 2 === 0 ? one.old : one.new) : may.new ? one.new : one.old
        writes += 1
        try {
          await session.query(words)
        } catch (error) {
          differences.push(`write before step ${String(position + 1)} (${steps[position]?.title ?? "end"}): ${text(error)}: ${words.slice(0, 300)}`)
        }
      }
    }
    for (const [position, step] of steps.entries()) {
      await write(rounds[position] ?? [], position)
      try {
        for (const one of hand.get(position) ?? []) await safe.session.query(one)
        const running = runSteps(safe.session, [step], hazard.kind === "refresh" ? "" : (hazard.byHand ?? ""))
        running.catch(() => undefined)
        // Batches run while other sessions write.
        const meanwhile = step.transaction ? [] : (during[position] ?? [])
        const other = meanwhile.length === 0 ? null : await bench.server.connect(safe.session.database ?? "")
        if (other !== null) await write(meanwhile, position, other)
        await other?.end()
        differences.push(...(await running))
        if (other === null) await write(during[position] ?? [], position + 1)
      } catch (error) {
        return outcome("differs", [...differences, `step ${String(position + 1)} fails: ${text(error)}`], steps, writes)
      }
    }
    await write(last, steps.length)
    const settled = (lines: readonly string[]): string[] =>
      lines.flatMap((line) => (major < 12 && /^constraint.*_not_null\d*"? *CHECK/.test(line) ? [] : [major < 12 ? line.replace(/^(column (\S|" ")+? .*?) not null/, "$1") : line]))
    const [shapeA, shapeB] = [settled((await shapeOf(direct.session)).map(normalized)), settled((await shapeOf(safe.session)).map(normalized))]
    differences.push(...differencesOf(shapeA, shapeB, "catalog").filter((line) => !isMeant(line, hazard, steps)))
    const [rowsA, rowsB] = [await rowsIn(direct.session, hazard), await rowsIn(safe.session, hazard)]
    for (const [table, rows] of rowsA) differences.push(...differencesOf(rows, rowsB.get(table) ?? [], `rows of ${table}`).slice(0, 6))
    differences.push(...findingsIn(made, hazard, given, hand, major))
    return outcome(differences.length > 0 ? "differs" : "agrees", differences, steps, writes)
  } finally {
    await direct.close()
    await safe?.close()
  }
}

export interface StepsResult {
  readonly schemas: number
  /** Statements whose steps were followed to the end. */
  readonly followed: number
  readonly steps: number
  readonly writes: number
  readonly disagreements: readonly Outcome[]
}

/** Follows the steps for one random statement on each of `runs` random schemas. */
export async function runRandomSteps(major: Major, seed: number, runs: number): Promise<StepsResult> {
  const server = await startServer(major)
  const outcomes: Outcome[] = []
  try {
    const admin = await server.connect("postgres")
    for (const role of ["reader", '"Writer"', "keeper"]) await admin.query(`CREATE ROLE ${role}`)
    for (let at = 0; at < runs; at += 1) outcomes.push(await runSeed({ server, admin }, seed * 10_000 + at))
    await admin.end()
  } finally {
    await server.stop()
  }
  const followed = outcomes.filter(({ verdict }) => verdict === "agrees" || verdict === "differs")
  return {
    schemas: runs,
    followed: followed.length,
    steps: followed.reduce((sum, { steps }) => sum + steps.length, 0),
    writes: followed.reduce((sum, { writes }) => sum + writes, 0),
    disagreements: outcomes.filter(({ verdict, differences }) => verdict === "differs" || (verdict === "nothing" && differences.length > 0)),
  }
}

/** An outcome for a person: the schema, the statement, the steps and the differences. */
export function shown({ seed, sql, made, steps, differences }: Outcome): string {
  const history = (made?.statements ?? []).map((one) => `${one};\n`).join("")
  const followed = steps.map((step, at) => `\n-- step ${String(at + 1)}: ${step.title}${step.note === null ? "" : `\n-- ${step.note.replaceAll("\n", "\n-- ")}`}\n${step.sql}\n`).join("")
  return `\n-- seed ${String(seed)}\n${history}\n-- the statement\n${sql};\n${followed}${differences.map((line) => `    ${line}\n`).join("")}`
}
