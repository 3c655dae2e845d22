/** What the blueprint of a table makes. Source: src/Illuminate/Database/Schema/Blueprint.php and Grammars/PostgresGrammar.php of laravel/framework 12. */
import type { Said } from "../arguments.ts"
import type { Range } from "../expression.ts"
import { plural } from "../inflections.ts"
import { joined, list, named, quoted, type Part } from "../made.ts"
import type { Token } from "../tokens.ts"
import { changeSql, columnAt, columnSql, makesColumn, type Column } from "./columns.ts"
import { chainAt, isNull, rawAt, textAt, textsAt, truthAt, type Link } from "./values.ts"

export interface Statement {
  readonly parts: readonly Part[]
  /** Names in it are made up, or looked up in the database. */
  readonly isDerived?: true
  /** The part of the blueprint that makes it; the whole call where there is none. */
  readonly place?: Range
}

interface Blueprint {
  readonly tokens: readonly Token[]
  readonly table: Said
  readonly columns: Column[]
  /** What comes behind CREATE TABLE, or in the order of the code. */
  readonly commands: Statement[]
  hasKey: boolean
  readonly creates: boolean
  readonly major: number
  /** Where its code stands. */
  place: Range
}

/** The statements of a blueprint; null for what only running the code would tell. @param creates The table is new. @param major That of Laravel. */
export function blueprintSql(tokens: readonly Token[], table: Said, statements: readonly Range[], { creates, major }: Pick<Blueprint, "creates" | "major">): readonly Statement[] | null {
  const blueprint: Blueprint = { tokens, table, columns: [], commands: [], hasKey: false, creates, major, place: table.range }
  for (const statement of statements) {
    const chain = chainAt(tokens, statement)
    blueprint.place = statement
    if (chain === null || !add(blueprint, chain)) return null
  }
  // Indexes of columns come behind everything else.
  for (const column of blueprint.columns) {
    blueprint.place = column.place
    for (const { kind, name } of column.indexes) addIndex(blueprint, kind, [column.name], name)
  }
  if (!creates) return blueprint.commands
  const columns = blueprint.columns.map((column) => columnSql(column, column.counts && !blueprint.hasKey))
  return [{ parts: ["create table ", named(table), " (", ...joined(columns), ")"] }, ...blueprint.commands]
}

/** Adds what a chain of calls does; false for what only running the code would tell. */
function add(blueprint: Blueprint, chain: readonly Link[]): boolean {
  const { tokens } = blueprint
  const [call] = chain
  if (call === undefined) return false
  if (makesColumn(call.name)) {
    const column = columnAt(tokens, chain)
    return column !== null && addColumn(blueprint, column) && addReference(blueprint, column, chain)
  }
  const make = Object.hasOwn(COMMANDS, call.name) ? COMMANDS[call.name] : undefined
  return make !== undefined && make(blueprint, call, chain.slice(1))
}

function addColumn(blueprint: Blueprint, column: Column): boolean {
  blueprint.columns.push(column)
  if (column.indexes.some(({ kind }) => kind === "primary")) blueprint.hasKey = true
  if (blueprint.creates) return !column.changes
  const change = column.changes ? changeSql(column, blueprint.major) : undefined
  if (change === null) return false
  command(blueprint, ...(change ?? ["add column ", ...columnSql(column, column.counts)]))
  return true
}

/** A column that a method makes without a chain: `timestamps()`. */
function plainColumn(blueprint: Blueprint, name: string, place: Range, facts: Pick<Column, "type" | "isNull">): boolean {
  return addColumn(blueprint, { name: { text: name, range: place }, place, initial: null, generated: null, collation: null, counts: false, changes: false, tells: { isNull: true, initial: false }, using: null, indexes: [], ...facts })
}

function push({ commands, place }: Blueprint, ...parts: readonly Part[]): void {
  commands.push({ parts, place })
}

/** `ALTER TABLE` of the table. */
function command(blueprint: Blueprint, ...action: readonly Part[]): void {
  push(blueprint, "alter table ", named(blueprint.table), " ", ...action)
}

/** `orders_shop_id_index` */
function indexName({ table }: Blueprint, kind: string, columns: readonly Said[]): string {
  return `${table.text}_${columns.map(({ text }) => text).join("_")}_${kind}`.toLowerCase().replaceAll(/[-.]/g, "_")
}

function addIndex(blueprint: Blueprint, kind: "unique" | "index" | "primary", columns: readonly Said[], given: Said | null): void {
  const name: Part = given === null ? quoted(indexName(blueprint, kind, columns)) : { sql: quoted(given.text), range: given.range }
  if (kind === "primary") command(blueprint, "add primary key (", ...list(columns), ")")
  else if (kind === "unique") command(blueprint, "add constraint ", name, " unique (", ...list(columns), ")")
  else push(blueprint, "create index ", name, " on ", named(blueprint.table), " (", ...list(columns), ")")
}

/** `unique`, `index` and `primary` of the table, with a name or without. */
function indexCommand(kind: "unique" | "index" | "primary"): Command {
  return (blueprint, { args: [first, second, ...others] }, rest) => {
    const [columns, name] = [textsAt(blueprint.tokens, first), isNull(blueprint.tokens, second) ? undefined : textAt(blueprint.tokens, second)]
    if (columns === null || name === null || others.length > 0 || rest.length > 0) return false
    if (kind === "primary") blueprint.hasKey = true
    addIndex(blueprint, kind, columns, name ?? null)
    return true
  }
}

/** `constrained()`, or `references("id")->on("shops")`, in the chain of a column or of `foreign()`. */
function addReference(blueprint: Blueprint, column: Column, chain: readonly Link[]): boolean {
  if (!chain.some(({ name }) => name === "constrained" || name === "references")) return true
  const given = chain.find(({ name }) => name === "constrained" || name === "references")
  const named = given === undefined ? undefined : given.args[given.name === "constrained" ? 2 : 1]
  const said = isNull(blueprint.tokens, named) ? undefined : textAt(blueprint.tokens, named)
  return said !== null && addForeignKey(blueprint, [column.name], said ?? null, chain)
}

const ACTIONS: Readonly<Record<string, string>> = {
  cascadeOnDelete: "on delete cascade",
  cascadeOnUpdate: "on update cascade",
  noActionOnDelete: "on delete no action",
  noActionOnUpdate: "on update no action",
  nullOnDelete: "on delete set null",
  nullOnUpdate: "on update set null",
  restrictOnDelete: "on delete restrict",
  restrictOnUpdate: "on update restrict",
}

function addForeignKey(blueprint: Blueprint, columns: readonly Said[], name: Said | null, chain: readonly Link[]): boolean {
  const { tokens } = blueprint
  const target = targetOf(blueprint, columns, chain)
  const actions = actionsOf(tokens, chain)
  if (target === null || actions === null) return false
  const key: Part = name === null ? quoted(indexName(blueprint, "foreign", columns)) : { sql: quoted(name.text), range: name.range }
  command(blueprint, "add constraint ", key, " foreign key (", ...list(columns), ") references ", named(target.table), " (", ...list(target.columns), ")", actions)
  return true
}

interface Target {
  readonly table: Said
  readonly columns: readonly Said[]
}

function targetOf({ tokens }: Blueprint, columns: readonly Said[], chain: readonly Link[]): Target | null {
  const [constrained, references, on] = ["constrained", "references", "on"].map((name) => chain.find((link) => link.name === name))
  if (constrained !== undefined) {
    const [table, column] = constrained.args
    const remote = isNull(tokens, column) ? { text: "id", range: constrained.range } : textAt(tokens, column)
    const [local] = columns
    if (remote === null || local === undefined) return null
    // `shop_id` leads to `shops`.
    const suffix = `_${remote.text}`
    const usual = local.text.endsWith(suffix) ? local.text.slice(0, -suffix.length) : local.text
    const said = isNull(tokens, table) ? { text: plural(usual), range: constrained.range } : textAt(tokens, table)
    return said && { table: said, columns: [remote] }
  }
  const [table, remote] = [textAt(tokens, on?.args[0]), textsAt(tokens, references?.args[0])]
  return table && remote && { table, columns: remote }
}

/** ` on delete cascade deferrable initially deferred`; null for what only running the code would tell. */
function actionsOf(tokens: readonly Token[], chain: readonly Link[]): string | null {
  let [onDelete, onUpdate, deferrable, initially, notValid] = ["", "", "", "", ""]
  for (const { name, args: [first] } of chain) {
    const known = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
    if (known !== undefined) [onDelete, onUpdate] = known.startsWith("on delete") ? [` ${known}`, onUpdate] : [onDelete, ` ${known}`]
    else if (name === "onDelete" || name === "onUpdate") {
      const action = textAt(tokens, first)?.text.toLowerCase()
      if (action === undefined || !/^(?:cascade|restrict|set null|no action|set default)$/.test(action)) return null
      if (name === "onDelete") onDelete = ` on delete ${action}`
      else onUpdate = ` on update ${action}`
    } else if (name === "deferrable" || name === "initiallyImmediate" || name === "notValid") {
      const truth = truthAt(tokens, first, true)
      if (truth === null) return null
      if (name === "deferrable") deferrable = truth ? " deferrable" : " not deferrable"
      else if (name === "initiallyImmediate") initially = truth ? " initially immediate" : " initially deferred"
      else notValid = " not valid"
    }
  }
  return onDelete + onUpdate + deferrable + (deferrable === " deferrable" ? initially : "") + notValid
}

/** What a call does that makes no column; false for what only running the code would tell. */
type Command = (blueprint: Blueprint, call: Link, rest: readonly Link[]) => boolean

const COMMANDS: Readonly<Record<string, Command>> = {
  charset: () => true,
  collation: () => true,
  comment: () => true,
  engine: () => true,
  dropColumn: ({ tokens, ...blueprint }, { args }) => {
    const columns = args.map((one) => textsAt(tokens, one))
    if (columns.length === 0 || !columns.every((one) => one !== null)) return false
    command({ tokens, ...blueprint }, ...joined(columns.flat().map((column) => ["drop column ", named(column)])))
    return true
  },
  dropConstrainedForeignId: (blueprint, call) => {
    const column = textAt(blueprint.tokens, call.args[0])
    if (column === null) return false
    dropConstraint(blueprint, quoted(indexName(blueprint, "foreign", [column])))
    command(blueprint, "drop column ", named(column))
    return true
  },
  dropForeign: (blueprint, { args }) => withName(blueprint, args[0], "foreign", (name) => { dropConstraint(blueprint, name) }),
  dropIndex: (blueprint, { args }) => withName(blueprint, args[0], "index", (name) => { dropIndex(blueprint, name) }),
  dropMorphs: (blueprint, { args, range }) => {
    const said = textAt(blueprint.tokens, args[0])
    if (said === null || args.length > 1) return false
    const columns = [`${said.text}_type`, `${said.text}_id`].map((text) => ({ text, range }))
    dropIndex(blueprint, quoted(indexName(blueprint, "index", columns)))
    command(blueprint, ...joined(columns.map((column) => ["drop column ", named(column)])))
    return true
  },
  dropPrimary: (blueprint) => {
    dropConstraint(blueprint, quoted(`${blueprint.table.text.slice(blueprint.table.text.lastIndexOf(".") + 1)}_pkey`))
    return true
  },
  dropRememberToken: (blueprint, { range }) => dropColumns(blueprint, ["remember_token"], range),
  dropSoftDeletes: (blueprint, { args, range }) => args.length === 0 && dropColumns(blueprint, ["deleted_at"], range),
  dropSoftDeletesTz: (blueprint, { args, range }) => args.length === 0 && dropColumns(blueprint, ["deleted_at"], range),
  dropTimestamps: (blueprint, { range }) => dropColumns(blueprint, ["created_at", "updated_at"], range),
  dropTimestampsTz: (blueprint, { range }) => dropColumns(blueprint, ["created_at", "updated_at"], range),
  dropUnique: (blueprint, { args }) => withName(blueprint, args[0], "unique", (name) => { dropConstraint(blueprint, name) }),
  foreign: (blueprint, { args: [first, second] }, rest) => {
    const [columns, name] = [textsAt(blueprint.tokens, first), isNull(blueprint.tokens, second) ? undefined : textAt(blueprint.tokens, second)]
    return columns !== null && name !== null && addForeignKey(blueprint, columns, name ?? null, rest)
  },
  index: indexCommand("index"),
  primary: indexCommand("primary"),
  rawIndex: (blueprint, { args: [first, second] }, rest) => {
    const name = textAt(blueprint.tokens, second)
    const expression = first === undefined ? null : (textAt(blueprint.tokens, first)?.text ?? rawAt(blueprint.tokens, first))
    if (first === undefined || name === null || expression === null || rest.length > 0) return false
    push(blueprint, "create index ", named(name), " on ", named(blueprint.table), " (", { sql: expression, range: first }, ")")
    return true
  },
  rename: (blueprint, { args }) => {
    const name = textAt(blueprint.tokens, args[0])
    if (name !== null) command(blueprint, "rename to ", named(name))
    return name !== null
  },
  renameColumn: (blueprint, { args }) => {
    const [from, to] = [textAt(blueprint.tokens, args[0]), textAt(blueprint.tokens, args[1])]
    if (from === null || to === null) return false
    command(blueprint, "rename column ", named(from), " to ", named(to))
    return true
  },
  renameIndex: (blueprint, { args }) => {
    const [from, to] = [textAt(blueprint.tokens, args[0]), textAt(blueprint.tokens, args[1])]
    if (from === null || to === null) return false
    blueprint.commands.push({ parts: ["alter index ", named(from), " rename to ", named(to)], isDerived: true, place: blueprint.place })
    return true
  },
  nullableTimestamps: (blueprint, call) => timestamps(blueprint, call, "without"),
  timestamps: (blueprint, call) => timestamps(blueprint, call, "without"),
  timestampsTz: (blueprint, call) => timestamps(blueprint, call, "with"),
  morphs: morphs("bigint", false),
  nullableMorphs: morphs("bigint", true),
  nullableNumericMorphs: morphs("bigint", true),
  nullableUlidMorphs: morphs("char(26)", true),
  nullableUuidMorphs: morphs("uuid", true),
  numericMorphs: morphs("bigint", false),
  ulidMorphs: morphs("char(26)", false),
  unique: indexCommand("unique"),
  uuidMorphs: morphs("uuid", false),
}

function dropColumns(blueprint: Blueprint, names: readonly string[], range: Range): true {
  command(blueprint, ...joined(names.map((text) => ["drop column ", named({ text, range })])))
  return true
}

function dropConstraint({ table, commands, place }: Blueprint, name: Part): void {
  commands.push({ parts: ["alter table ", named(table), " drop constraint ", name], isDerived: true, place })
}

function dropIndex({ commands, place }: Blueprint, name: Part): void {
  commands.push({ parts: ["drop index ", name], isDerived: true, place })
}

/** A name that is given, or the one of the columns in a list. */
function withName(blueprint: Blueprint, range: Range | undefined, kind: string, drop: (name: Part) => void): boolean {
  const said = textAt(blueprint.tokens, range)
  const columns = said === null ? textsAt(blueprint.tokens, range) : null
  if (said === null && columns === null) return false
  drop(said === null ? quoted(indexName(blueprint, kind, columns ?? [])) : named(said))
  return true
}

function timestamps(blueprint: Blueprint, { args, range }: Link, zone: "with" | "without"): boolean {
  return args.length === 0 && ["created_at", "updated_at"].every((name) => plainColumn(blueprint, name, range, { type: `timestamp(0) ${zone} time zone`, isNull: true }))
}

/** A type and an id of whatever model, with an index of both. */
function morphs(type: string, mayBeNull: boolean): Command {
  return (blueprint, { args, range }, rest) => {
    const [said, name] = [textAt(blueprint.tokens, args[0]), isNull(blueprint.tokens, args[1]) ? undefined : textAt(blueprint.tokens, args[1])]
    if (said === null || name === null || rest.length > 0) return false
    const columns = [`${said.text}_type`, `${said.text}_id`].map((text) => ({ text, range }))
    const isAdded = columns.every(({ text }, index) => plainColumn(blueprint, text, range, { type: index === 0 ? "varchar(255)" : type, isNull: mayBeNull }))
    addIndex(blueprint, "index", columns, name ?? null)
    return isAdded
  }
}
