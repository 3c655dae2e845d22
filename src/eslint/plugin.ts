/** The plugin: rules, configurations, the language of SQL files, and a parser for eslintrc. */
import packageJson from "../../package.json" with { type: "json" }
import type { RuleModule } from "./host.ts"
import { sqlLanguage } from "./language.ts"
import { RULES } from "./metadata.ts"
import { sqlParser } from "./parser.ts"
import { EMBEDDED_PARSE_ERROR, SQL_FILE, type Engine } from "./report.ts"
import { eslintRules, tell } from "./rules.ts"
import { createListen } from "./run.ts"

type Severities = Record<string, "error" | "warn">

/** A configuration object of `eslint.config.js`. */
export interface FlatConfig {
  readonly name: string
  readonly files?: string[]
  readonly plugins: Record<"pgsafe", PluginBase>
  readonly language?: typeof SQL_FILE
  readonly rules: Severities
}

/** A configuration of `.eslintrc`. */
export interface LegacyConfig {
  readonly plugins: string[]
  readonly rules?: Severities
  readonly overrides?: { readonly files: string[]; readonly parser: string; readonly rules: Severities }[]
}

interface PluginBase {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string }
  readonly rules: Readonly<Record<string, RuleModule>>
  readonly languages: { readonly sql: typeof sqlLanguage }
  readonly parsers: { readonly sql: typeof sqlParser }
}

export interface Plugin extends PluginBase {
  readonly configs: Configs
}

// Not an interface: ESLint asks for an index signature, which only a type alias has of itself.
export type Configs = {
  /** Rules that are on by default, for SQL in code. */
  readonly recommended: FlatConfig
  /** The same and the strict ones. */
  readonly strict: FlatConfig
  /** Rules of style alone. */
  readonly style: FlatConfig
  /** The language and the recommended rules for `.sql` files. */
  readonly sql: FlatConfig
  readonly "legacy-recommended": LegacyConfig
  readonly "legacy-strict": LegacyConfig
  readonly "legacy-style": LegacyConfig
  readonly "legacy-sql": LegacyConfig
}

/** What SQL in code cannot have: the text is only taken for SQL when it parses. */
const SQL_FILES_ONLY: ReadonlySet<string> = new Set(["syntax-error"])

function severities(presets: readonly string[], file: "code" | "sql"): Severities {
  const wanted = RULES.filter((rule) => rule.presets.some((preset) => presets.includes(preset)) && !(file === "code" && SQL_FILES_ONLY.has(rule.id)))
  const found = wanted.map(({ id, severity }) => [`pgsafe/${id}`, severity === "error" ? "error" : "warn"] as const)
  return Object.fromEntries(file === "code" && presets.includes("recommended") ? [...found, [`pgsafe/${EMBEDDED_PARSE_ERROR}`, "error"]] : found)
}

const RECOMMENDED = ["recommended"]
const STRICT = ["recommended", "strict"]
const STYLE = ["style"]

/** @param load Gives the engine; called when the first file needs it, and then for every file. */
export function createPlugin(load: () => Engine): Plugin {
  const base: PluginBase = {
    meta: { name: "pgsafe", version: packageJson.version, namespace: "pgsafe" },
    rules: eslintRules(createListen(load, tell)),
    languages: { sql: sqlLanguage },
    parsers: { sql: sqlParser },
  }
  // The configurations contain the plugin itself: ESLint takes a copy for another plugin of the same name.
  return Object.assign(base, { configs: configsOf(base) })
}

function configsOf(pgsafe: PluginBase): Configs {
  const flat = (name: string, enabled: Severities): FlatConfig => ({ name: `pgsafe/${name}`, plugins: { pgsafe }, rules: enabled })
  return {
    recommended: flat("recommended", severities(RECOMMENDED, "code")),
    strict: flat("strict", severities(STRICT, "code")),
    style: flat("style", severities(STYLE, "code")),
    sql: { ...flat("sql", severities(RECOMMENDED, "sql")), files: ["**/*.sql"], language: SQL_FILE },
    "legacy-recommended": { plugins: ["pgsafe"], rules: severities(RECOMMENDED, "code") },
    "legacy-strict": { plugins: ["pgsafe"], rules: severities(STRICT, "code") },
    "legacy-style": { plugins: ["pgsafe"], rules: severities(STYLE, "code") },
    "legacy-sql": {
      plugins: ["pgsafe"],
      overrides: [{ files: ["*.sql"], parser: "eslint-plugin-pgsafe/parser", rules: severities(RECOMMENDED, "sql") }],
    },
  }
}
