/** What a piece of SQL names, read without a grammar: the SQL of an application has holes, and is often only a part. */

interface Word {
  /** As PostgreSQL sees it: folded to lower case unless quoted. */
  readonly name: string
  readonly quoted: boolean
  readonly start: number
  readonly end: number
  /** An operator, a bracket, a number, a parameter: anything but a name. */
  readonly sign: boolean
}

/** A table as SQL names it. */
export interface TableName {
  readonly schema: string | null
  readonly name: string
  readonly alias: string | null
  /** The query that names it. */
  readonly query: number
  readonly start: number
  readonly end: number
}

/** A column as SQL names it. */
export interface ColumnName {
  readonly name: string
  /** The table or alias before the dot. */
  readonly qualifier: string | null
  readonly schema: string | null
  /** The table that the place belongs to: the columns of INSERT, what UPDATE sets. */
  readonly owner: TableName | null
  /** The query that it stands in. */
  readonly query: number
  readonly start: number
  readonly end: number
}

/** What a sub-query of FROM is called; the name counts in the query around it. */
export interface DerivedTable {
  readonly name: string
  readonly query: number
}

/** One statement, or a part of one. */
export interface Names {
  /** A statement, as opposed to a condition or a list of columns. */
  readonly complete: boolean
  /** Of each query the one around it, whose columns it sees, too; -1 around the outermost. Sub-queries and the parts of UNION are queries. */
  readonly around: readonly number[]
  /** Queries that give all columns: `SELECT *`. */
  readonly whole: ReadonlySet<number>
  readonly tables: readonly TableName[]
  /** Tables of the statement's own: those of WITH. */
  readonly own: ReadonlySet<string>
  readonly derived: readonly DerivedTable[]
  readonly columns: readonly ColumnName[]
  readonly calls: readonly Omit<ColumnName, "owner" | "qualifier" | "query">[]
  readonly values: readonly { readonly text: string; readonly column: string | null; readonly start: number; readonly end: number }[]
}

const VERBS = new Set("select insert update delete with merge copy alter create drop truncate lock grant revoke explain call refresh comment".split(" "))

/** Words behind which the name of a table stands. */
const BEFORE_TABLE = new Set("from join into update table truncate copy references using".split(" "))

/** Words that are no names; enough to know where a list of tables ends. */
const KEYWORDS = new Set(
  ("select insert update delete with merge copy from join into table using on where set values left right inner outer full cross natural group " +
    "order by limit offset having union except intersect returning for as when then else end do default not window fetch lateral only and or is null " +
    "in like ilike between exists if all any some distinct case of nowait skip locked cascade restrict nothing conflict asc desc nulls " +
    "true false recursive materialized references truncate add drop alter column rename to").split(" "),
)

/** Keywords that may be the name of a column (docs: SQL Key Words, "non-reserved"), and the word that stands before them where they are none. */
const NAMES_ELSEWHERE: ReadonlyMap<string, string> = new Map([["conflict", "on"], ["locked", "skip"], ["nothing", "do"]])

/** Functions whose arguments are separated by FROM. */
const WITH_FROM = new Set(["extract", "substring", "trim", "overlay", "position"])

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'((?:[^']|'')*)'|"((?:[^"]|"")+)"|`([^`]+)`|%\(\w+\)s|(?:::?|[@$:#])[A-Za-z_]\w*|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|\S/g

/** Reads SQL; each statement of it by itself. */
export function readSql(sql: string): Names[] {
  const statements: Word[][] = [[]]
  const strings = new Map<Word, string>()
  for (const match of sql.matchAll(TOKEN)) {
    const [text, string, quoted, ticked] = match
    if (text.startsWith("--") || text.startsWith("/*")) continue
    const name = quoted?.replaceAll('""', '"') ?? ticked ?? text.toLowerCase()
    const isName = quoted !== undefined || ticked !== undefined || /^[A-Za-z_\u0080-\uffff]/.test(text)
    const word = { name, quoted: quoted !== undefined || ticked !== undefined, start: match.index, end: match.index + text.length, sign: !isName }
    if (text === ";") statements.push([])
    else statements.at(-1)?.push(word)
    if (string !== undefined) strings.set(word, string.replaceAll("''", "'"))
  }
  return statements.filter((words) => words.length > 0).map((words) => (defines(words) ? NOTHING : namesOf(words, strings)))
}

const NOTHING: Names = { complete: true, around: [-1], whole: new Set(), tables: [], own: new Set(), derived: [], columns: [], calls: [], values: [] }

/** What makes or changes the schema is a migration's business, and breaks with no column; unless it holds a query. */
function defines(words: readonly Word[]): boolean {
  const verb = words.find(({ sign }) => !sign)?.name ?? ""
  return ["create", "alter", "drop", "comment", "grant", "revoke", "analyze", "vacuum"].includes(verb) && !words.some(({ name }) => name === "select")
}

function namesOf(words: readonly Word[], strings: ReadonlyMap<Word, string>): Names {
  const verb = words.find(({ sign }) => !sign)
  const queries = queriesOf(words)
  const named = tablesOf(words, verb?.name, queries.of)
  for (const alias of queries.aliases) named.taken.add(alias)
  const { columns, calls } = columnsOf(words, named, queries.of)
  const values = words.flatMap((word, index) => {
    const text = strings.get(word)
    return text === undefined ? [] : [{ text, column: comparedWith(index, words), start: word.start, end: word.end }]
  })
  const { tables, own } = named
  return { complete: verb !== undefined && !verb.quoted && VERBS.has(verb.name) && tables.length > 0, around: queries.around, whole: queries.whole, derived: queries.derived, tables, own, columns, calls, values }
}

function is(words: readonly Word[], index: number, name: string): boolean {
  const word = words[index]
  return word?.name === name && !word.quoted
}

/** Whether an unquoted word is none that names a column. */
function isKeyword(words: readonly Word[], index: number): boolean {
  const name = words[index]?.name ?? ""
  const before = NAMES_ELSEWHERE.get(name)
  return before === undefined ? KEYWORDS.has(name) : is(words, index - 1, before)
}

function isName(words: readonly Word[], index: number): boolean {
  const word = words[index]
  return word !== undefined && !word.sign && (word.quoted || !KEYWORDS.has(word.name))
}

/** Words with which a query begins. */
const BEGINS_QUERY = new Set(["select", "insert", "update", "delete", "merge", "with", "values"])

/** Words in front of a sub-query that stands for a table. */
const BEFORE_DERIVED = ["from", "join", "lateral", "using", ",", "("]

/** The query that each word belongs to, the one around each query, those that give all columns, and what those of FROM are called. */
function queriesOf(words: readonly Word[]): Pick<Names, "around" | "whole" | "derived"> & { readonly of: readonly number[]; readonly aliases: readonly number[] } {
  const around = [-1]
  const whole = new Set<number>()
  const derived: DerivedTable[] = []
  const aliases: number[] = []
  const of: number[] = []
  const open = [0]
  const opened: number[] = []
  for (const [index, word] of words.entries()) {
    const current = open.at(-1) ?? 0
    if (word.name === "(" && word.sign) {
      const next = words[index + 1]
      const isQuery = next !== undefined && !next.quoted && BEGINS_QUERY.has(next.name)
      open.push(isQuery ? around.push(current) - 1 : current)
      opened.push(index)
    } else if (word.name === ")" && word.sign) {
      const begin = opened.pop()
      if (begin !== undefined) {
        open.pop()
        const name = is(words, index + 1, "as") ? index + 2 : index + 1
        const isTable = current !== open.at(-1) && BEFORE_DERIVED.includes(words[begin - 1]?.name ?? "")
        if (isTable && isName(words, name)) {
          derived.push({ name: words[name]?.name ?? "", query: open.at(-1) ?? 0 })
          aliases.push(name)
        }
      }
    } else if (!word.quoted && (word.name === "union" || word.name === "intersect" || word.name === "except")) {
      open[open.length - 1] = around.push(around[current] ?? -1) - 1
    }
    if (word.name === "*" && ["select", "distinct", "all", "returning", ",", "."].includes(words[index - 1]?.name ?? "")) whole.add(current)
    of.push(open.at(-1) ?? 0)
  }
  return { of, around, whole, derived, aliases }
}

/** The tables that a statement names. */
interface NamedTables {
  readonly tables: TableName[]
  readonly own: Set<string>
  /** The places of words that belong to them. */
  readonly taken: Set<number>
  /** The tables of columns that are theirs by their place. */
  readonly owners: Map<number, TableName>
  readonly queries: readonly number[]
}

function tablesOf(words: readonly Word[], verb: string | undefined, queries: readonly number[]): NamedTables {
  const named: NamedTables = { tables: [], own: new Set(), taken: new Set(), owners: new Map(), queries }
  const { own, taken, tables } = named
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]
    if (word === undefined || word.quoted || word.sign) continue
    if (isName(words, index) && closesBeforeAs(index, words)) {
      own.add(word.name)
      taken.add(index)
      continue
    }
    if (!BEFORE_TABLE.has(word.name) || !meansTable(index, words, verb)) continue
    let next = readTable(words, index + 1, named)
    const table = tables.at(-1)
    if (word.name === "from" || word.name === "using" || word.name === "truncate") {
      while (is(words, next, ",") && isName(words, next + 1)) next = readTable(words, next + 1, named)
    }
    const end = tables.at(-1)
    if (table === undefined || end === undefined || end.end > (words[next - 1]?.end ?? 0)) continue
    takeColumns(words, word.name, next, table, named)
  }
  return named
}

const BEFORE_NAME = ["only", "lateral", "if", "not", "exists", "table", "concurrently"]

/** Reads the name of a table with its alias, and gives the place behind it. */
function readTable(words: readonly Word[], from: number, { tables, taken, queries }: NamedTables): number {
  let index = from
  while (BEFORE_NAME.some((word) => is(words, index, word))) index += 1
  // The first table of a join in brackets: `FROM (orders JOIN customers ON ..)`.
  const isOfSelect = is(words, from - 1, "from") || is(words, from - 1, "join")
  while (isOfSelect && is(words, index, "(")) index += 1
  if (is(words, index, "(") || !isName(words, index)) return index
  let schema: string | null = null
  if (is(words, index + 1, ".") && isName(words, index + 2)) {
    schema = words[index]?.name ?? null
    taken.add(index)
    index += 2
  }
  const named = words[index]
  if (named === undefined) return index
  taken.add(index)
  index += 1
  // A function in FROM.
  if (is(words, index, "(") && !["into", "copy", "references"].some((word) => is(words, from - 1, word))) return index
  if (is(words, index, "as")) index += 1
  let alias: string | null = null
  if (isName(words, index) && !is(words, index + 1, ".")) {
    alias = words[index]?.name ?? null
    taken.add(index)
    index += 1
  }
  tables.push({ schema, name: named.name, alias, query: queries[from] ?? 0, start: named.start, end: named.end })
  return index
}

/** The columns that stand behind a table as its own: in the brackets of INSERT, COPY and REFERENCES, and what UPDATE sets. */
function takeColumns(words: readonly Word[], keyword: string, next: number, table: TableName, { owners }: NamedTables): void {
  if (["into", "copy", "references"].includes(keyword) && is(words, next, "(")) {
    for (let inside = next + 1; inside < words.length && !is(words, inside, ")"); inside += 1) owners.set(inside, table)
  }
  if (keyword === "into") takeConflict(words, next, table, owners)
  if (keyword !== "update") return
  const set = words.findIndex((one, position) => position >= next && one.name === "set" && !one.quoted)
  if (set < 0) return
  for (let inside = set + 1; inside < words.length && !is(words, inside, "where") && !is(words, inside, "from"); inside += 1) {
    const isFirst = is(words, inside - 1, "set") || is(words, inside - 1, ",") || is(words, inside - 1, "(")
    if (isFirst && is(words, inside + 1, "=")) owners.set(inside, table)
  }
}

/** The columns of ON CONFLICT, and what its DO UPDATE sets, are of the table of INSERT, whatever its query reads. */
function takeConflict(words: readonly Word[], next: number, table: TableName, owners: Map<number, TableName>): void {
  let depth = 0
  let isBehind = false
  for (let index = next; index < words.length && depth >= 0; index += 1) {
    if (is(words, index, "(")) depth += 1
    else if (is(words, index, ")")) depth -= 1
    else if (depth === 0 && is(words, index, "conflict") && is(words, index - 1, "on")) {
      isBehind = true
      if (!is(words, index + 1, "(")) continue
      for (let inside = index + 2; inside < words.length && !is(words, inside, ")"); inside += 1) owners.set(inside, table)
    } else if (isBehind && depth === 0 && is(words, index + 1, "=") && (is(words, index - 1, "set") || is(words, index - 1, ","))) owners.set(index, table)
  }
}

function columnsOf(words: readonly Word[], { taken, owners }: NamedTables, queries: readonly number[]): Pick<Names, "columns" | "calls"> {
  const columns: ColumnName[] = []
  const calls: Names["calls"][number][] = []
  for (const [index, word] of words.entries()) {
    if (word.sign || taken.has(index)) continue
    const dotted = is(words, index - 1, ".") && words[index - 2]?.sign === false
    const qualifier = dotted ? (words[index - 2]?.name ?? null) : null
    const schema = dotted && is(words, index - 3, ".") ? (words[index - 4]?.name ?? null) : null
    const { name, start, end } = word
    if (is(words, index + 1, "(") && !owners.has(index)) {
      calls.push({ name, schema: qualifier, start, end })
      continue
    }
    if (is(words, index + 1, ".") || is(words, index - 1, "as") || (!dotted && !word.quoted && isKeyword(words, index))) continue
    columns.push({ name, qualifier, schema, owner: dotted ? null : (owners.get(index) ?? null), query: queries[index] ?? 0, start, end })
  }
  return { columns, calls }
}

/** `name AS (`, `name (a, b) AS (`: a table of WITH. */
function closesBeforeAs(index: number, words: readonly Word[]): boolean {
  const before = words[index - 1]
  if (before === undefined || (before.name !== "with" && before.name !== "recursive" && before.name !== ",")) return false
  let next = index + 1
  if (words[next]?.name === "(") {
    const close = words.findIndex(({ name }, position) => position > next && name === ")")
    if (close < 0) return false
    next = close + 1
  }
  if (words[next]?.name !== "as") return false
  const behind = words.slice(next + 1, next + 4).map(({ name }) => name)
  return behind[0] === "(" || (behind[0] === "materialized" && behind[1] === "(") || (behind[0] === "not" && behind[2] === "(")
}

/** Whether the keyword is followed by a table here: not in EXTRACT(year FROM at), IS DISTINCT FROM, FOR UPDATE, ON CONFLICT DO UPDATE. */
function meansTable(index: number, words: readonly Word[], verb: string | undefined): boolean {
  const word = words[index]?.name
  const before = words[index - 1]?.name
  if (word === "from") {
    if (before === "distinct" && ["not", "is"].includes(words[index - 2]?.name ?? "")) return false
    let depth = 0
    for (let at = index - 1; at >= 0; at -= 1) {
      const { name } = words[at] ?? { name: "" }
      if (name === ")") depth += 1
      else if (name === "select" && depth === 0) return true
      else if (name === "(") {
        if (depth === 0) return !WITH_FROM.has(words[at - 1]?.name ?? "")
        depth -= 1
      }
    }
    return true
  }
  if (word === "update") return before !== "for" && before !== "do" && before !== "on" && before !== "key"
  if (word === "using") return verb === "delete" || verb === "merge"
  if (word === "copy" || word === "truncate") return index === 0
  return true
}

/** The column that a string is compared with: `status = 'new'`, `status IN ('new'`. */
function comparedWith(index: number, words: readonly Word[]): string | null {
  for (let at = index - 1; at >= 0 && at > index - 40; at -= 1) {
    const word = words[at]
    if (word === undefined) return null
    if (word.sign || ["in", "not", "is", "distinct", "from", "any", "array"].includes(word.name)) continue
    return KEYWORDS.has(word.name) ? null : word.name
  }
  return null
}
