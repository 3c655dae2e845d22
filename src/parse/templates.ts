import type { Shape } from "./shape.ts"
import { derive, replaced } from "./derive.ts"
import { familiesIn, familyIn, isLasting, learnedText, NOTHING, planAt, type Learned, type LearnedPlans } from "./learned.ts"
import { build, type Plan } from "./plan.ts"
import { lastingKey } from "./shape.ts"

/**
 * Operations of statements that are like earlier ones, without the grammar. When a shape comes back, the statement is
 * read a second time with all names, literals and blanks replaced by others: what stays the same in the operations does
 * not depend on them, and what changes must be one of the names, letter for letter, or a place between tokens; else the
 * token that made the difference becomes part of what must be equal. To the grammar one name is like any other that is
 * no keyword, so that what holds for the replaced ones holds for all.
 */
export interface Templates {
  /** What a text of this shape means, as `learn` was told; null when nothing was learned. */
  find(shape: Shape): unknown
  /**
   * Remembers what the grammar made of a text. `example` gives a text of the shape with its meaning, when one is needed, `read` the
   * meaning of another text; null when it has none.
   */
  learn(shape: Shape, example: () => Example | null, read: (sql: string) => unknown): void
  /**
   * What other processes have learned is asked for at the first shape that was not known beforehand. From here on a shape need not come
   * back to be learned.
   */
  recall(kept: () => Learned): void
  /** What was learned so far, together with what was recalled, for other processes; null when nothing new was. */
  learned(): Learned | null
}

/** A text and its meaning: the operations of a statement, or a part of one. */
export interface Example {
  readonly shape: Shape
  readonly meaning: unknown
}

/** Statements of one shape. */
interface Family {
  /** Tokens, counted from the statement's first one, whose text decides about the operations. */
  readonly decisive: number[]
  /** By the text of the decisive tokens: how often it was seen, its plan, or null when there can be none. */
  readonly members: Map<string, number | Plan | null>
  /** Plans that were known beforehand or recalled. */
  known: ReadonlyMap<string, Place>
  /** What is kept was asked for it. */
  isRecalled: boolean
  /** Something was learned that is in no text and can be. */
  isFresh: boolean
}

/** Where a plan begins in a text. */
interface Place {
  readonly learned: Learned
  readonly start: number
}

const NO_PLACES: ReadonlyMap<string, Place> = new Map()

/** Beyond these nothing more is remembered, so that memory stays flat. */
const MOST_FAMILIES = 4000
const MOST_MEMBERS = 1000
/** Reading a statement twice pays when its shape comes back; most do not. */
const LEARN_AT = 2
/** What is kept pays in every later run, but so many are learned at first sight at most. */
const MOST_AT_ONCE = 300
/** Beyond this length, in UTF-16 units, of what was kept only that remains which a run has used. */
const MOST_KEPT = 400_000

/** `beforehand` is what was learned already. */
export function createTemplates(beforehand: Learned = NOTHING): Templates {
  const families = new Map<string, Family>()
  let kept: (() => Learned) | null = null
  let atOnce = 0
  const familyOf = ({ key }: Shape): Family | undefined => {
    const seen = families.get(key)
    if (seen !== undefined || families.size >= MOST_FAMILIES) return seen
    const family: Family = { decisive: [], members: new Map(), known: NO_PLACES, isRecalled: false, isFresh: false }
    families.set(key, family)
    addKnown(family, key, beforehand)
    return family
  }
  return {
    find(shape) {
      const family = familyOf(shape)
      if (family === undefined) return null
      let plan = planOf(family, shape)
      if (plan === undefined && kept !== null && !family.isRecalled) {
        family.isRecalled = true
        if (addKnown(family, shape.key, kept())) plan = planOf(family, shape)
      }
      return typeof plan === "object" && plan !== null ? build(plan, shape) : null
    },
    learn(shape, example, read) {
      const family = familyOf(shape)
      if (family === undefined) return
      const { decisive, members } = family
      const text = textOf(shape, decisive)
      const seen = members.get(text) ?? 0
      if (typeof seen !== "number" || (seen === 0 && members.size >= MOST_MEMBERS)) return
      const isNow = atOnce > 0 && lastingKey(shape.key) !== null
      if (isNow) atOnce -= 1
      else if (seen + 1 < LEARN_AT) {
        members.set(text, seen + 1)
        return
      }
      while (!learnMember(family, shape, example, read)) {
        if (isNow) continue
        members.set(textOf(shape, decisive), LEARN_AT - 1)
        break
      }
    },
    recall(read) {
      let text: Learned | null = null
      kept = () => (text ??= read())
      atOnce = MOST_AT_ONCE
    },
    learned() {
      if (![...families].some(([key, { isFresh }]) => isFresh && lastingKey(key) !== null)) return null
      const used = new Map([...families].flatMap(([key, family]) => lastingFamily(key, family, beforehand)))
      const unused = kept === null ? [] : plansIn(kept()).filter(([key]) => !used.has(key))
      const all = learnedText([...unused, ...used.values()])
      return all.plans.length + all.families.length > MOST_KEPT ? learnedText(used.values()) : all
    },
  }
}

/** Adds what a text knows of a shape. Whether that is anything. */
function addKnown(family: Family, key: string, learned: Learned): boolean {
  const lasting = learned === NOTHING ? null : lastingKey(key)
  const found = lasting === null ? undefined : familyIn(learned, lasting)
  if (found === undefined || family.isFresh) return false
  const places = [...found.places].map(([text, start]) => [text, { learned, start }] as const)
  if (found.decisive.join() === family.decisive.join()) family.known = new Map([...family.known, ...places])
  else {
    // It was learned later, with more differences in sight.
    family.decisive.splice(0, Number.POSITIVE_INFINITY, ...found.decisive)
    family.members.clear()
    family.known = new Map(places)
  }
  return true
}

function planOf({ decisive, members, known }: Family, shape: Shape): number | Plan | null | undefined {
  const text = textOf(shape, decisive)
  const member = members.get(text)
  const place = member === undefined ? known.get(text) : undefined
  if (place === undefined) return member
  const plan = planAt(place.learned, place.start)
  members.set(text, plan)
  return plan
}

/** False when only more tokens turned out to be decisive. */
function learnMember(family: Family, shape: Shape, example: () => Example | null, read: (sql: string) => unknown): boolean {
  const { decisive, members } = family
  const known = example()
  const changed = known === null ? null : replaced(known.shape, decisive)
  const other = changed === null ? null : read(changed.tokens.text)
  const result = known === null || changed === null || other === null ? null : derive(known.meaning, other, known.shape, changed)
  if (result === null || "plan" in result) {
    members.set(textOf(shape, decisive), result?.plan ?? null)
    if (result !== null && isLasting(result.plan)) family.isFresh = true
    return true
  }
  // Plans made before may have taken one of these tokens for free.
  decisive.push(...result.decisive)
  members.clear()
  family.known = NO_PLACES
  return false
}

/** What is to be kept of a family, by its lasting key; nothing where all of it was known `beforehand`. */
function lastingFamily(key: string, { decisive, members, known }: Family, beforehand: Learned): readonly (readonly [string, LearnedPlans])[] {
  const lasting = lastingKey(key)
  if (lasting === null) return []
  const plans = new Map([...known].flatMap(([text, { learned, start }]) => (learned === beforehand ? [] : [[text, planAt(learned, start)] as const])))
  for (const [text, plan] of members) {
    if (typeof plan === "object" && plan !== null && known.get(text)?.learned !== beforehand && isLasting(plan)) plans.set(text, plan)
  }
  return plans.size === 0 ? [] : [[lasting, [lasting, decisive, plans]]]
}

/** All that a text knows. */
function plansIn(learned: Learned): readonly LearnedPlans[] {
  return [...familiesIn(learned)].map(([key, { decisive, places }]) => [key, decisive, new Map([...places].map(([text, start]) => [text, planAt(learned, start)]))])
}

function textOf({ tokens: { text, starts, ends }, from }: Shape, decisive: readonly number[]): string {
  let joined = ""
  for (const at of decisive) joined += `${text.slice(starts[from + at], ends[from + at])}\n`
  return joined
}
