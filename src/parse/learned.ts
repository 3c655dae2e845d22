/**
 * What templates have learned, as text for another process: `npm run generate` writes it, and what runs have learned can be kept. Little of
 * it is read in a run.
 */
import { composed, constant, marked, NO_KEYS, unmarked, type Plan } from "./plan.ts"

export interface Learned {
  /** A line of JSON for each different part of a plan, in which `@p` and a number refer to the line that begins there. */
  readonly plans: string
  /**
   * A line for each shape: its key (see `lastingKey` in shape.ts), the decisive tokens with commas between, and where its plan begins: a number, or
   * JSON of such numbers by the text of the decisive tokens.
   */
  readonly families: string
}

/** Of one shape: see `Learned`. */
export interface LearnedFamily {
  readonly decisive: readonly number[]
  /** Where plans begin, by the text of the decisive tokens. */
  readonly places: ReadonlyMap<string, number>
}

export const NOTHING: Learned = { plans: "", families: "" }

/** What is known of the shape with this lasting key. */
export function familyIn({ families }: Learned, lasting: string): LearnedFamily | undefined {
  const before = `\n${lasting} `
  const at = families.indexOf(before)
  return at < 0 ? undefined : readFamily(families.slice(at + before.length, families.indexOf("\n", at + 1)))
}

/** All shapes by their lasting keys. */
export function* familiesIn({ families }: Learned): Generator<readonly [key: string, family: LearnedFamily]> {
  for (const line of families.split("\n")) {
    if (line === "") continue
    const end = line.indexOf(" ")
    yield [line.slice(0, end), readFamily(line.slice(end + 1))]
  }
}

/** A line without its key. */
function readFamily(line: string): LearnedFamily {
  const [decisive = "", ...members] = line.split(" ")
  const places = JSON.parse(members.join(" ")) as number | Readonly<Record<string, number>>
  return {
    decisive: decisive === "" ? [] : decisive.split(",").map(Number),
    places: new Map(typeof places === "number" ? [["", places]] : Object.entries(places)),
  }
}

/** The plan that begins at a place. */
export function planAt({ plans }: Learned, place: number): Plan {
  const line = (start: number): unknown => JSON.parse(plans.slice(start, plans.indexOf("\n", start)))
  const read = (value: unknown): Plan => {
    const reference = typeof value === "string" ? REFERENCE.exec(value) : null
    if (reference !== null) return read(line(Number(reference[1])))
    if (!Array.isArray(value)) return unmarked(value)
    const [first, ...rest] = value as readonly unknown[]
    const layout = typeof first === "string" ? LAYOUT.exec(first) : null
    return layout === null ? composed("array", NO_KEYS, value.map(read)) : composed("object", line(Number(layout[1])) as readonly string[], rest.map(read))
  }
  return read(line(place))
}

/** Operators that begin like this have no digits behind. */
const REFERENCE = /^@p(\d+)$/
/** The first item of an array that stands for an object: where the line with its keys begins. */
const LAYOUT = /^@k(\d+)$/

/** What was learned of a shape, by its lasting key; plans by the text of the decisive tokens. */
export type LearnedPlans = readonly [key: string, decisive: readonly number[], plans: ReadonlyMap<string, Plan>]

/** The text of all that was learned: what `familyIn` and `planAt` read. */
export function learnedText(known: Iterable<LearnedPlans>): Learned {
  const lines = new Map<string, number>()
  let plans = ""
  const place = (value: unknown): number => {
    const line = `${JSON.stringify(value)}\n`
    const start = lines.get(line) ?? plans.length
    if (!lines.has(line)) {
      lines.set(line, start)
      plans += line
    }
    return start
  }
  /** What stands for a plan in the line of another one. */
  const written = (plan: Plan): unknown => {
    const items = itemsOf(plan)
    if (items === null) return marked(plan)
    const line = [...(items.keys === null ? [] : [`@k${String(place(items.keys))}`]), ...items.parts.map(written)]
    return line.length === 0 ? line : `@p${String(place(line))}`
  }
  let families = "\n"
  for (const [key, decisive, members] of known) {
    const places = [...members].map(([text, plan]) => {
      const own = written(plan)
      return [text, typeof own === "string" && REFERENCE.test(own) ? Number(own.slice(2)) : place(own)] as const
    })
    const [only] = places
    const isPlain = places.length === 1 && only?.[0] === ""
    families += `${key} ${decisive.join(",")} ${isPlain ? String(only[1]) : JSON.stringify(Object.fromEntries(places))}\n`
  }
  return { plans, families }
}

/** What a plan for an object or array is made of; null for the rest. */
function itemsOf({ kind, value, keys, parts }: Plan): { readonly keys: readonly string[] | null; readonly parts: readonly Plan[] } | null {
  if (kind === "object") return { keys, parts }
  if (kind === "array") return { keys: null, parts }
  if (kind !== "constant" || typeof value !== "object" || value === null) return null
  if (Array.isArray(value)) return { keys: null, parts: value.map(constant) }
  return { keys: Object.keys(value), parts: Object.values(value).map(constant) }
}

/** Whether a plan means the same when it has been written and read: texts that look like marks do not. */
export function isLasting(plan: Plan): boolean {
  return plan.parts.every(isLasting) && (plan.kind !== "constant" || isPlainValue(plan.value))
}

function isPlainValue(value: unknown): boolean {
  if (typeof value === "string") return !value.startsWith("@")
  return value !== undefined && (typeof value !== "object" || value === null || Object.values(value).every(isPlainValue))
}
