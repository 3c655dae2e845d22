/** Changelogs of Liquibase in XML, YAML and JSON: the SQL in them, and what their changes make. */
import type { EmbeddedText } from "../../../embedded/index.ts"
import { attributeOf, childOf, isForPostgres, type ChangelogNode } from "../../../files/changelog/nodes.ts"
import { occasionOf, whenAll, type Occasion } from "../../../files/changelog/contexts.ts"
import { changelogNode, changeSetsOf, define, isForeign } from "../../../files/changelog/tree.ts"
import type { ProjectFiles } from "../../../files/types.ts"
import { textOfFile } from "../../sql-files.ts"
import type { Collected, RawCall, Section } from "../collected.ts"
import { CHANGES } from "./changes.ts"
import { verdictOf, type Verdict } from "./preconditions.ts"
import { delimited, delimitedText, modified, modifierOf } from "./scripts.ts"
import { bodyOf, changeAt, isTrue, madeText, rawText, said, truth, type Change, type Quoting, type Setting } from "./values.ts"

/** What is known of a changelog from the others of its project. */
export interface ChangelogPlace {
  /** The libraries that read its format. */
  readonly formats: NonNullable<ProjectFiles["formats"]>
  /** What placeholders stand for in all changelogs. */
  readonly properties: ReadonlyMap<string, string>
  /** Of a changelog that was changed, whether a changeset has run before. */
  readonly hasRun: (changeSet: ChangelogNode) => boolean
  /** Only those that have run are read, as what came before the others. */
  readonly onlyRan: boolean
  /** When it is included. */
  readonly occasion: Occasion
  /** A file that a change names. */
  readonly file: Setting["file"]
}

type Found = Pick<Collected, "calls" | "builders" | "unread">

/** Null for what is no changelog. */
export function readLiquibase(path: string, source: string, { formats, properties: shared, hasRun, onlyRan, occasion, file }: ChangelogPlace): Collected | null {
  const changelog = changelogNode(path, source, formats)
  if (changelog === null) return null
  const own = (scope: "local" | "global"): ReadonlyMap<string, string> => {
    const properties = new Map<string, string>()
    for (const child of changelog.children) if (child.name === "property") define(properties, child, scope)
    return properties
  }
  const properties = new Map([...own("global"), ...shared, ...own("local")])
  const all = changeSetsOf(changelog)
  const [ran, fresh] = [all.filter(hasRun), all.filter((one) => !hasRun(one))]
  const meant = isForeign(changelog) ? [] : [...ran, ...(onlyRan ? [] : fresh)]
  const changeSets = meant.filter((one) => isForPostgres(attributeOf(one, "dbms")) && attributeOf(one, "ignore") !== "true")
  const usual = quotingOf(changelog, "LEGACY")
  const read = createReader()
  const primaryKeys = new Map<string, string>()
  const sets = changeSets.flatMap((changeSet) => {
    const [verdict, when] = [verdictOf(changeSet), whenAll([occasion, occasionOf(changeSet)])]
    if (verdict === null || when === "never") return []
    const isXml = /\.xml$/i.test(path)
    const setting: Setting = { properties, quoting: quotingOf(changeSet, usual), file, primaryKeys }
    const section = { ...sectionOf(changeSet, isXml), ...(!onlyRan && ran.includes(changeSet) && { hasRun: true as const }) }
    return [{ changeSet, setting, verdict, section, isConditional: when === "perhaps" }]
  })
  for (const { changeSet, ...how } of sets) read.changes(changesIn(changeSet), { ...how, changeSet, down: false })
  // The last one is reverted first.
  for (const { changeSet, ...how } of sets.filter(({ section }) => section.hasRun !== true).reverse()) {
    for (const rollback of changeSet.children.filter(({ name }) => name === "rollback")) read.changes(rollbackIn(rollback), { ...how, changeSet, down: true })
  }
  return { ...read.found, tables: [], ...(ran.length > 0 && { passedOver: ran.map(({ span, end }) => ({ start: span.start, end })) }) }
}

function quotingOf(node: ChangelogNode, usual: Quoting): Quoting {
  const found = attributeOf(node, "objectQuotingStrategy")
  return found === "QUOTE_ALL_OBJECTS" || found === "QUOTE_ONLY_RESERVED_WORDS" || found === "LEGACY" ? found : usual
}

/** What stands in a changeset and is no change. */
const NO_CHANGES: ReadonlySet<string> = new Set(
  (
    "id author dbms context contextFilter contexts labels runAlways runOnChange runInTransaction runOrder failOnError objectQuotingStrategy created " +
    "logicalFilePath ignore runWith runWithSpoolFile onValidationFail validCheckSum validCheckSums comment comments preConditions rollback modifySql"
  ).split(" "),
)

function changesIn({ children }: ChangelogNode): readonly ChangelogNode[] {
  const all = children.flatMap((child) => (child.name === "changes" ? child.children : [child]))
  return all.filter((child) => !NO_CHANGES.has(child.name) && (isElement(child) || Object.hasOwn(CHANGES, child.name) || child.name === "sql"))
}

/** Whether it may have attributes of its own: Liquibase passes over a single value whose name it does not know. */
function isElement({ insertion, children }: ChangelogNode): boolean {
  return insertion !== null || children.length > 0
}

/** Changes, or SQL that stands there without one. Another changeset that is named is not followed. */
function rollbackIn(rollback: ChangelogNode): readonly ChangelogNode[] {
  const changes = rollback.children.flatMap((child) => (child.name === "changes" ? child.children : /^changeSet|^(?:empty|comment)$/.test(child.name) ? [] : [child]))
  return rollback.runs.length > 0 ? [{ ...rollback, name: "sql", children: [] }, ...changes] : changes
}

const BY_PSQL = { wrap: "none", send: "psql", why: "`runWith` makes Liquibase hand this changeset to psql, outside of its own transaction" } as const

function sectionOf(changeSet: ChangelogNode, isXml: boolean): Section {
  const name = `${attributeOf(changeSet, "author") ?? ""}:${attributeOf(changeSet, "id") ?? ""}`
  if (attributeOf(changeSet, "runWith") === "psql") return { name, ...BY_PSQL }
  const isOff = attributeOf(changeSet, "runInTransaction")?.trim().toLowerCase() === "false"
  const written = isXml ? 'runInTransaction="false"' : "runInTransaction: false"
  if (isOff) return { name, wrap: "none", send: "split", why: `\`${written}\` turns off the transaction of Liquibase` }
  const { insertion } = changeSet
  const offSwitch = insertion === null || childOf(changeSet, "runInTransaction") !== undefined ? null : { how: `add \`${written}\` to this changeSet`, at: insertion.at, text: insertion.write("runInTransaction", "false") }
  return { name, wrap: "changeset", send: "split", why: "Liquibase runs each changeset in a transaction of its own", ...(offSwitch !== null && { offSwitch }) }
}

interface How {
  readonly changeSet: ChangelogNode
  readonly setting: Setting
  readonly verdict: NonNullable<Verdict>
  readonly section: Section
  readonly isConditional: boolean
  readonly down: boolean
}

/** Takes down what changes do, in their order. */
function createReader(): { readonly found: Found; changes(changes: readonly ChangelogNode[], how: How): void } {
  const [calls, builders, unread]: [RawCall[], Found["builders"][number][], Found["unread"][number][]] = [[], [], []]
  let at = 0
  const takeChange = (node: ChangelogNode, { changeSet, setting, verdict: { guards, maybe }, section, isConditional, down }: How): void => {
    const change = changeAt(node, setting)
    const modify = modifierOf(changeSet)
    const texts = modify === undefined ? null : textsOf(change)
    const conditional = isConditional || maybe || guards.length > 0
    if (texts === null || (change.state.isUnknown && node.name !== "sql")) {
      if (section.hasRun !== true) builders.push({ start: node.span.start, end: node.end, at: at++, down, wide: false })
      return
    }
    for (const { text, isDerived = false, isOneMessage = false } of texts) {
      calls.push({
        text: modify === null || modify === undefined || text.file !== undefined ? text : modified(text, modify),
        at: at++,
        down,
        outside: false,
        conditional,
        section,
        guards,
        maybe: maybe || isConditional,
        ...(isDerived && { derived: true }),
        ...(isOneMessage && { isOneMessage }),
      })
    }
  }
  return {
    found: { calls, builders, unread },
    changes(changes, how) {
      for (const node of changes) takeChange(node, how)
    },
  }
}

interface Text {
  readonly text: EmbeddedText
  readonly isDerived?: boolean
  readonly isOneMessage?: boolean
}

/** Null for a change that is not read. */
function textsOf(change: Change): readonly Text[] | null {
  const { node } = change
  if (!isForPostgres(attributeOf(node, "dbms"))) return []
  if (node.name === "sql" || node.name === "sqlFile") return scriptIn(change)
  const statements = Object.hasOwn(CHANGES, node.name) ? CHANGES[node.name]?.(change) : null
  return statements?.map(({ parts, isDerived = false }) => ({ text: madeText(parts, change), isDerived })) ?? null
}

/** The SQL of `sql` and `sqlFile`. */
function scriptIn(change: Change): readonly Text[] | null {
  const isOneMessage = truth(change, "splitStatements") === false
  const delimiter = said(change, "endDelimiter")?.text ?? null
  if (change.node.name === "sql") {
    const runs = bodyOf(change, ["sql"])
    return runs === null ? [] : [{ text: rawText(isOneMessage ? runs : delimited(runs, delimiter)), isOneMessage }]
  }
  const path = said(change, "path")
  const file = path === null || change.state.isUnknown ? null : change.setting.file(path.text, isTrue(change, "relativeToChangelogFile"))
  if (file === null) return null
  const text = isOneMessage ? file.text : delimitedText(file.text, delimiter)
  return [{ text: textOfFile({ path: file.path, text }, change.range), isOneMessage }]
}
