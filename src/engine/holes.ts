import type { Step } from "../playbook/step.ts"
import { createSource } from "../source/source.ts"
import type { Finding } from "./finding.ts"
import type { RuleContext } from "./rule.ts"

type Spelling = (text: string) => string

/** One for each file: its list of statements is the key. */
const spellings = new WeakMap<object, Spelling>()

/**
 * Gives the names that the grammar was shown in place of templates and variables their own spelling back, so that messages
 * and recipes say `${schema}.orders` as the user does.
 */
export function respelled(finding: Finding, context: RuleContext): Finding {
  const spelling = spellings.get(context.statements) ?? spellingOf(context)
  if (spelling === unchanged) return finding
  return {
    ...finding,
    message: spelling(finding.message),
    locks: finding.locks.map((lock) => ({ ...lock, relation: spelling(lock.relation) })),
    steps: finding.steps.map((step) => respelledStep(step, spelling)),
    related: finding.related.map((one) => ({ ...one, message: spelling(one.message) })),
    uncertain: finding.uncertain.map(spelling),
  }
}

/** The same for steps that are made later. */
export function spelledBack(context: RuleContext): (steps: readonly Step[]) => readonly Step[] {
  const spelling = spellings.get(context.statements) ?? spellingOf(context)
  return spelling === unchanged ? (steps) => steps : (steps) => steps.map((step) => respelledStep(step, spelling))
}

const unchanged: Spelling = (text) => text

function spellingOf({ statements, sql }: RuleContext): Spelling {
  // Each hole, and whether it continues a name anywhere: `shop_${region}`.
  const holes = new Map<string, boolean>()
  for (const statement of statements) {
    for (const { start, end } of statement.holes) {
      const hole = sql.slice(start, end)
      holes.set(hole, holes.get(hole) === true || /[A-Za-z0-9]/.test(sql.charAt(start - 1)))
    }
  }
  const spelling = holes.size === 0 ? unchanged : respell([...holes])
  spellings.set(statements, spelling)
  return spelling
}

function respell(holes: readonly (readonly [hole: string, continues: boolean])[]): Spelling {
  const pairs = holes.flatMap(([hole, continues]) => {
    const pattern = patternOf(hole, continues)
    if (pattern === null) return []
    const inner = quotedTemplate(hole)
    // What a derived name adds to it stands inside the quotes.
    return [{ pattern, spelled: (_: string, before = "", behind = "") => (inner === null ? hole : `"${before}${inner}${behind}"`) }]
  })
  // What stands for `${schema}` is also the beginning of what stands for `${schema_api}`.
  pairs.sort((left, right) => right.pattern.source.length - left.pattern.source.length)
  return (text) => pairs.reduce((result, { pattern, spelled }) => result.replace(pattern, spelled), text)
}

/** What stands in the quotes of a name that is one template: `"{{ .Schema }}"`. */
function quotedTemplate(hole: string): string | null {
  return hole.startsWith('"') ? hole.slice(1, -1) : null
}

/** Files of a project have the same few templates. */
const patterns = new Map<string, RegExp | null>()
const MOST_PATTERNS = 1000

/** Finds what the grammar was shown in place of a template; null where that cannot be told from other names. */
function patternOf(hole: string, continues: boolean): RegExp | null {
  const key = `${continues ? "+" : ""}${hole}`
  const known = patterns.get(key)
  if (known !== undefined) return known
  const filler = createSource(`SELECT ${hole}`).masked().text.slice("SELECT ".length).replaceAll('"', "")
  // An unquoted name is folded; a filler of a few letters could be a part of any name.
  const found = quotedTemplate(hole) === null ? filler : `"?\\b(\\w*?)${filler}(\\w*)"?`
  const pattern = /^_\w{3,}$/.test(filler) ? new RegExp(`${continues ? "" : "(?<![A-Za-z0-9])"}${found}`, "gi") : null
  if (patterns.size < MOST_PATTERNS) patterns.set(key, pattern)
  return pattern
}

function respelledStep(step: Step, spelling: Spelling): Step {
  return {
    ...step,
    title: spelling(step.title),
    sql: spelling(step.sql),
    lock: step.lock === null ? null : { ...step.lock, relation: spelling(step.lock.relation) },
    note: step.note === null ? null : spelling(step.note),
  }
}
