import { frameworks } from "../files/frameworks/index.ts"
import type { EffectsInput } from "../effects/public.ts"
import type { LintInput, LintOptions } from "./lint-input.ts"
import { nearest } from "../source/nearest.ts"

type Fields<T> = Readonly<Record<keyof T, (value: unknown, name: string) => void>>

const SEVERITIES = ["error", "warning", "off"]

const OPTIONS: Fields<LintOptions> = {
  // What it may be is said where it is used.
  pgVersion: () => undefined,
  transaction: boolean,
  searchPath: listOf(text),
  framework: oneOf(frameworks.map(({ id }) => id)),
  direction: oneOf(["up", "down", "both"]),
  select(value, name) {
    listOf(text)(value, name)
    if (Array.isArray(value) && value.length === 0) throw new RangeError(`${name} names no rule`)
  },
  ignore: listOf(text),
  severities(value, name) {
    for (const [rule, severity] of Object.entries(object(value, name))) oneOf(SEVERITIES)(severity, `${name}["${rule}"]`)
  },
}

const INPUT: Fields<LintInput> = {
  files: listOf(fileWith("sql")),
  history: listOf(fileWith("sql")),
  schema: text,
  sizes: listOf((value, name) => { object(value, name) }),
  pending: boolean,
  app: listOf(fileWith("text")),
  options: (value, name) => { fields(object(value, name), OPTIONS, name) },
}

/**
 * Checks what a program without types hands over: whatever were passed over here would look as if nothing was found.
 *
 * @throws {TypeError} when something has another form than its type says.
 * @throws {RangeError} when a value is none of those that are known, or a path is given twice.
 */
export function checkInput(input: LintInput): void {
  const given = object(input, "the input of lint()")
  if (given["files"] === undefined) throw new TypeError("files is missing: lint() takes { files: [{ path, sql }] }")
  fields(given, INPUT, "")
  const paths = new Set<string>()
  for (const { path } of input.files) {
    if (paths.has(path)) throw new RangeError(`${path} is given twice`)
    paths.add(path)
  }
  const twice = input.history?.find(({ path }) => paths.has(path))
  if (twice !== undefined) throw new RangeError(`${twice.path} is given both as a file and as history`)
}

const EFFECTS_INPUT: Fields<EffectsInput> = {
  schema: text,
  sql: text,
  // What it may be is said where it is used.
  pgVersion: () => undefined,
}

/** The same for `effects()`. @throws {TypeError} */
export function checkEffectsInput(input: EffectsInput): void {
  const given = object(input, "the input of effects()")
  if (given["sql"] === undefined) throw new TypeError("sql is missing: effects() takes { sql, pgVersion, schema }")
  fields(given, EFFECTS_INPUT, "")
}

/** A field that is undefined is as good as absent. */
function fields<T>(value: Readonly<Record<string, unknown>>, known: Fields<T>, name: string): void {
  for (const [key, one] of Object.entries(value)) {
    const field = name === "" ? key : `${name}.${key}`
    if (!Object.hasOwn(known, key)) throw new TypeError(`${field} is unknown${name === "" && Object.hasOwn(known, "options") && Object.hasOwn(OPTIONS, key) ? "; it belongs into options" : suggestion(key, Object.keys(known))}`)
    if (one !== undefined) known[key as keyof T](one, field) // hasOwn has just said so
  }
}

function suggestion(key: string, known: readonly string[]): string {
  const close = nearest(key, known)
  return close === undefined ? `; known are ${known.join(", ")}` : `; did you mean ${close}?`
}

function object(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError(`${name} must be an object`)
  return { ...value }
}

function text(value: unknown, name: string): void {
  if (typeof value !== "string") throw new TypeError(`${name} must be a string`)
}

function boolean(value: unknown, name: string): void {
  if (typeof value !== "boolean") throw new TypeError(`${name} must be true or false`)
}

function listOf(check: (value: unknown, name: string) => void): (value: unknown, name: string) => void {
  return (value, name) => {
    if (!Array.isArray(value)) throw new TypeError(`${name} must be a list`)
    for (const [index, one] of value.entries()) check(one, `${name}[${String(index)}]`)
  }
}

function fileWith(content: "sql" | "text"): (value: unknown, name: string) => void {
  return (value, name) => {
    const file = object(value, name)
    text(file["path"], `${name}.path`)
    text(file[content], `${name}.${content}`)
  }
}

function oneOf(known: readonly string[]): (value: unknown, name: string) => void {
  return (value, name) => {
    if (typeof value === "string" && known.includes(value)) return
    throw new RangeError(`${name} must be one of ${known.join(", ")}, not ${String(value)}`)
  }
}
