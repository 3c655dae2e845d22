/** Reads the values of options. */
import { InvalidArgumentError, Option, type Command } from "commander"
import { PG_VERSIONS } from "../engine/versions.ts"
import { nearest } from "../source/nearest.ts"
import { UsageError } from "./usage.ts"

/** An option whose value is read. */
export function option<T>(flags: string, description: string, parse: (value: string) => T): Option {
  return new Option(flags, description).argParser(parse)
}

/** One of some words. */
export function oneOf<const T extends string>(known: readonly T[]): (value: string) => T {
  return (value) => {
    if (isOneOf(known, value)) return value
    const close = nearest(value, known)
    throw new InvalidArgumentError(close === undefined ? `It must be one of ${known.join(", ")}.` : `Did you mean "${close}"?`)
  }
}

export function isOneOf<const T extends string>(known: readonly T[], value: string | undefined): value is T {
  return (known as readonly (string | undefined)[]).includes(value)
}

/** Words between commas, with those of the same option before. */
export function list(value: string, before: readonly string[] = []): string[] {
  return [...before, ...value.split(",").map((item) => item.trim()).filter((item) => item !== "")]
}

/** A value that is not empty, as an unset variable of a script makes it. @param name The option, as it is written. */
export function filled(name: string): (value: string) => string {
  return (value) => {
    if (value === "") throw new UsageError(`${name} is empty`)
    return value
  }
}

/** The same for an option of which a second value would hide the first. */
export function once(name: string): (value: string, before?: string) => string {
  const first = filled(name)
  return (value, before) => {
    if (before === undefined) return first(value)
    throw new UsageError(`${name} is given twice, with "${before}" and "${value}"; it takes one value`)
  }
}

/** Refuses `--name` together with `--no-name`, of which Commander would take the last. */
export function notBoth(command: Command, name: string): Command {
  let given: string | null = null
  for (const option of [name, `no-${name}`]) {
    command.on(`option:${option}`, () => {
      if (given !== null && given !== option) throw new UsageError(`--${name} and --no-${name} say the opposite of each other; give one of them`)
      given = option
    })
  }
  return command
}

/** Schemas between commas, at least one. */
function schemas(value: string): string[] {
  const names = list(value)
  if (names.length === 0) throw new InvalidArgumentError("It must name a schema.")
  return names
}

/** The values of an option that may be repeated. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

/** @param fallback What its absence means. */
export function pgVersionOption(fallback = `default: ${PG_VERSIONS.default}`): Option {
  return option("--pg-version <major>", `PostgreSQL major, ${PG_VERSIONS.oldest} to ${PG_VERSIONS.newest} (${fallback})`, pgVersion)
}

export function searchPathOption(): Option {
  return option("--search-path <schemas>", "the search_path with which sessions begin, as app,public (default: what the tool's files say)", schemas)
}

export function frameworkOption(): Option {
  return new Option("--framework <id>", "the tool that runs the migrations (default: found out from the files)")
}

export function configOption(): Option {
  return option("--config <file>", "configuration file (default: pgsafe.config.json or package.json#pgsafe)", once("--config"))
}

function pgVersion(value: string): number {
  const major = /^\d+(?:\.\d+)?$/.test(value) ? Math.trunc(Number(value)) : Number.NaN
  if (major >= PG_VERSIONS.oldest && major <= PG_VERSIONS.newest) return major
  throw new InvalidArgumentError(`It must be a PostgreSQL major from ${PG_VERSIONS.oldest} to ${PG_VERSIONS.newest}.`)
}

export function count(value: string): number {
  if (/^\d+$/.test(value)) return Number(value)
  throw new InvalidArgumentError("It must be a whole number, 0 or more.")
}
