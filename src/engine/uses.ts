import type { Catalog } from "../schema/catalog.ts"
import { createUseSearch, type Removed, type Use, type Wanted } from "../usage/index.ts"
import type { Finding } from "./finding.ts"
import { pronouns } from "./words.ts"

/** How many uses a finding shows as related places. */
const SHOWN = 20
/** How many of them its message names. */
const NAMED = 3

/** The contract check of a run: what its findings remove is looked for in the application, all of it in one pass. */
export interface Contract {
  /** Findings, with the catalog that their migrations build; null when nothing is known of it. */
  expect(findings: readonly Finding[], catalog: Catalog | null): void
  /** Reads the application; call it once, when all migrations have been read. */
  search(files: Iterable<{ readonly path: string; readonly text: string }>): void
  /** A finding with what the search found; null when it counts only with a use, and has none. */
  judged(finding: Finding): Finding | null
}

export function createContract(): Contract {
  const expected: { readonly removed: Removed; readonly catalog: Catalog | null }[] = []
  const wanted = new Map<Removed, Wanted>()
  let search = createUseSearch([])
  return {
    expect(findings, catalog) {
      for (const { removes } of findings) for (const removed of removes) expected.push({ removed, catalog })
    },
    search(files) {
      for (const { removed, catalog } of expected) {
        if (catalog === null) wanted.set(removed, { removed, mayHave: () => true, hasTable: () => false })
        else if (!isBack(removed, catalog)) wanted.set(removed, { removed, mayHave: knowledgeOf(removed, catalog), hasTable: (name) => catalog.relation({ schema: null, name }) !== undefined })
      }
      search = createUseSearch([...wanted.values()])
      // Without a question there is nothing to read.
      if (wanted.size > 0) for (const { path, text } of files) search.add(path, text)
    },
    judged(finding) {
      const asked = finding.removes.flatMap((removed) => wanted.get(removed) ?? [])
      if (asked.length === 0) return finding.onlyIfUsed ? null : finding
      const uses = asked.flatMap((one) => search.usesOf(one))
      if (uses.length === 0) return finding.onlyIfUsed ? null : withoutUses(finding, asked.length, search.files)
      return withUses(finding, uses)
    },
  }
}

function withUses(finding: Finding, uses: readonly Use[]): Finding {
  const certain = uses.filter(({ grade }) => grade === "certain")
  const likely = uses.filter(({ grade }) => grade === "likely")
  const said =
    certain.length === 0
      ? `likely still used in ${places(likely)}`
      : `still used in ${places(certain)}${likely.length === 0 ? "" : `, and likely in ${String(likely.length)} more`}`
  return {
    ...finding,
    severity: certain.length > 0 ? "error" : finding.onlyIfUsed ? "warning" : finding.severity,
    message: `${finding.message}; ${said}`,
    related: [
      ...finding.related,
      ...[...certain, ...likely].slice(0, SHOWN).map(({ file, line, column, grade, message }) => ({ file, position: { line, column }, grade, message })),
    ],
  }
}

/** `3 places: src/a.ts:12, src/b.ts:3 and 1 more`. */
function places(uses: readonly Use[]): string {
  const named = uses.slice(0, NAMED).map(({ file, line }) => `${file}:${String(line)}`)
  const rest = uses.length - named.length
  const last = rest > 0 ? `${String(rest)} more` : named.pop()
  const list = named.length === 0 ? (last ?? "") : `${named.join(", ")} and ${last ?? ""}`
  return uses.length === 1 ? `1 place: ${list}` : `${String(uses.length)} places: ${list}`
}

function withoutUses(finding: Finding, names: number, files: number): Finding {
  const { it } = pronouns(new Array<string>(names).fill(""))
  return { ...finding, message: `${finding.message}; no use of ${it} was found in ${files === 1 ? "1 file" : `${files.toLocaleString("en-US")} files`}` }
}

/** Whether later migrations brought the name back, so that its uses are of the new one. */
function isBack(removed: Removed, catalog: Catalog): boolean {
  const { schema } = removed
  switch (removed.kind) {
    case "column": {
      const relation = catalog.relation({ schema, name: removed.table })
      return relation !== undefined && catalog.column(relation, removed.column) !== undefined
    }
    case "relation":
      return catalog.relation({ schema, name: removed.relation }) !== undefined
    case "function":
      return catalog.functions({ schema, name: removed.function }).length > 0
    case "enum value": {
      const type = catalog.type({ schema, name: removed.type })
      return type?.kind === "enum" && type.labels.some(({ text }) => text === removed.value)
    }
  }
}

/** What the schema tells about other tables; of an enum's value, which columns are of the enum. */
function knowledgeOf(removed: Removed, catalog: Catalog): Wanted["mayHave"] {
  if (removed.kind === "enum value") {
    return (table, column) => {
      const relation = catalog.relation({ schema: null, name: table })
      return relation !== undefined && catalog.column(relation, column)?.type.name === removed.type
    }
  }
  return (table, column) => {
    const relation = catalog.relation({ schema: null, name: table })
    return relation?.known !== true || catalog.column(relation, column) !== undefined
  }
}
