/** Which table a class, a struct or an object of a source file stands for. */
import { keyOf, MODEL_SUFFIXES, modelWords, spells, wordsOf } from "./spelling.ts"
import { lineOf, textOf, type Block, type Lines, type SourceFile } from "./source.ts"

/** A table as its models and statements may call it. */
export interface TableSpelling {
  readonly name: string
  readonly words: readonly (readonly string[])[]
  /** Whether the schema has a table of that name. */
  hasTable(name: string): boolean
}

export function spellingOf(table: string, hasTable: (name: string) => boolean): TableSpelling {
  return { name: table, words: modelWords(table), hasTable }
}

/** Whether a token is the name of another table that is known, or of its model: `teamUser` beside the table `users`. */
export function isOtherTable(token: string, { name, hasTable }: TableSpelling): boolean {
  return modelWords(token).some((words) => {
    const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")
    const names = [words.join("_"), words.join(""), pascal, pascal.charAt(0).toLowerCase() + pascal.slice(1)]
    return names.some((one) => one !== name && hasTable(one))
  })
}

/** All keys under which the table may be found in a text. */
export function keysOf({ name, words }: TableSpelling): string[] {
  const tail = wordsOf(name).slice(1)
  const plain = words.map((one) => one.join(""))
  const suffixed = plain.flatMap((key) => MODEL_SUFFIXES.map((suffix) => key + suffix))
  // Django puts the application's name before the model's.
  const tails = tail.length === 0 ? [] : modelWords(tail.join("_")).map((one) => one.join(""))
  return [keyOf(name), ...plain, ...suffixed, ...tails]
}

/** Whether a token is the table's name, or that of its model. */
export function namesTable(token: string, { words }: TableSpelling): boolean {
  return words.some((one) => spells(token, one))
}

/** Whether a class of that name would by custom stand for the table. */
export function namesModel(token: string, table: TableSpelling): boolean {
  if (namesTable(token, table)) return true
  if (!/(?:model|entity|record|row|table|schema)$/i.test(token)) return false
  const words = wordsOf(token)
  return MODEL_SUFFIXES.includes(words.at(-1) ?? "") && table.words.some((one) => one.join("_") === words.slice(0, -1).join("_"))
}

/** Where a class says which table is its own. */
const MAPPED =
  /(?:@@map\s*\(\s*|\b__tablename__\s*=\s*|\btable_name\s*=\s*:?|\bdb_table\s*=\s*|\btableName\s*[:=]\s*(?:string\s*=\s*)?|\$table\s*=\s*|\btableName\(\)\s*\{\s*return\s*|\bwithTableName\(|@Table\s*\((?:[^()]*\bname\s*[:=]\s*|\s*)|@Entity\s*\((?:\s*\{[^{}]*\b(?:name|tableName)\s*:\s*|\s*)|\[Table\s*\(\s*|\bToTable\s*\(\s*|ORM\\Table\s*\(\s*(?:name\s*[:=]\s*)?|TableName\(\)\s*string\s*\{\s*return\s*|\bschema\s+|\btable!\s*\{\s*)["'`]?([\w.]+)["'`]?/g

/** A class, a struct, an object: what a block is called. */
const DECLARED =
  /\b(?:class|struct|model|interface|type|record|object|table|entity|defmodule|data(?!\s+class\b))\s+(?:[\w.]+\.)?([A-Za-z_]\w*)/

/** Calls whose first argument is a table or a model. */
const DEFINES = /\b(?:\w*[tT]able|define|model|EntitySchema|defineEntity|create_table|createTable|change_table|schema)\s*[(]?\s*(?:[{]\s*name\s*:\s*)?["'`:]([\w.]+)["'`]?/

/**
 * Whether a block is the table's: true for a model of it, false for one of another table, null when it is no model at all.
 */
export function isModelOf(source: SourceFile, { header, body }: Block, table: TableSpelling): boolean | null {
  const opening = textOf(source, header)
  const diesel = source.extension === "rs" && /\btable!\s*\{\s*$/.test(lineOf(source, header.first - 1)) ? /([\w.]+)\s*\([^()]*\)\s*\{\s*$/.exec(opening)?.[1] : undefined
  if (diesel !== undefined) return isTable(diesel, table)
  const declared = DECLARED.exec(opening)?.[1]
  const mapped = mappedNames(opening + directLines(source, body), declared, source)
  if (mapped.length > 0 && (declared !== undefined || /[({[]\s*$/.test(opening))) return mapped.some((name) => isTable(name, table) || isConstantOf(name, table))
  const defined = DEFINES.exec(opening)?.[1]
  if (defined !== undefined) return isTable(defined, table) || (/^[A-Z]/.test(defined) && namesTable(defined, table))
  if (declared === undefined) return null
  const own = namesModel(declared, table) || isDjango(opening, declared, table, source.path)
  if (!own) return /\b(?:class|struct|model|interface|record)\b/.test(opening) ? false : null
  return source.mapsRows || source.extension === "prisma" || /Model|Entity|Record|Row$|Table$/.test(declared) ? true : null
}

function mappedNames(text: string, declared: string | undefined, source: SourceFile): string[] {
  const names = [...text.matchAll(MAPPED)].map(([, name = ""]) => name)
  if (names.length > 0 || source.extension !== "go" || declared === undefined) return names
  // Go says it in a method beside the struct.
  const method = new RegExp(`func \\(\\w*\\s*\\*?${declared}\\) TableName\\(\\) string\\s*\\{\\s*return "([\\w.]+)"`)
  const [, found] = method.exec(source.code) ?? []
  return found === undefined ? [] : [found]
}

/** `shop_order` of the class Order in shop/models.py. */
function isDjango(opening: string, declared: string, { name }: TableSpelling, path: string): boolean {
  if (!path.endsWith(".py") || !(/\(.*Model\b/s.test(opening) || /(?:^|\/)models(?:\/|\.py$)/.test(path))) return false
  const application = name.slice(0, Math.max(0, name.length - declared.length - 1))
  return name === `${application}_${declared.toLowerCase()}` && path.split("/").includes(application)
}

function isTable(written: string, { name }: TableSpelling): boolean {
  return written === name || written.endsWith(`.${name}`) || written.toLowerCase() === name
}

/** `Tables.Orders`, `TABLE_NAMES.ORDER_ITEMS`: a constant that is called like the table it names. */
function isConstantOf(written: string, table: TableSpelling): boolean {
  const [owner = "", member, ...others] = written.split(".")
  return member !== undefined && others.length === 0 && /^\p{Lu}/u.test(owner) && /^\p{Lu}/u.test(member) && namesTable(member, table)
}

/** The lines of a block that are not in a block of their own. */
function directLines(source: SourceFile, { first, last }: Lines): string {
  let least = Infinity
  let text = ""
  const most = Math.min(last + 3, first + 400)
  for (let line = first; line <= most; line += 1) {
    const one = lineOf(source, line)
    const indent = /^\s*/.exec(one)?.[0].replaceAll("\t", "    ").length ?? 0
    if (one.trim() === "") continue
    least = Math.min(least, indent)
    // Behind the block's end only the rest of its call: `}, { tableName: "orders" })`.
    if (line > last && !/^\s*[}\])]/.test(one)) break
    if (indent <= least + 6) text += one
  }
  return text
}
