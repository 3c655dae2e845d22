import { z } from "zod"
import { PG_VERSIONS } from "../engine/versions.ts"
import { frameworks } from "../files/frameworks/index.ts"
import { rules } from "../../rules/index.ts"
import { didYouMean } from "../source/nearest.ts"

const SEVERITIES = ["error", "warning", "off"] as const
const FRAMEWORKS = frameworks.map(({ id }) => id)
const MAJOR = `must be a PostgreSQL major, a number from ${PG_VERSIONS.oldest} to ${PG_VERSIONS.newest}`

const PATTERN = z.string("must be a pattern in quotes").min(1, "must not be empty")

const schema = z.strictObject({
  $schema: z.string("must be the address of a schema").optional(),
  pgVersion: z
    .int(MAJOR)
    .min(PG_VERSIONS.oldest, MAJOR)
    .max(PG_VERSIONS.newest, MAJOR)
    .describe("The PostgreSQL major that runs the migrations.")
    .optional(),
  rules: z
    .record(z.string(), z.enum(SEVERITIES, 'must be "error", "warning" or "off"'), "must be an object of severities by rule id")
    .describe("Severities by rule id; a rule of an opt-in preset is turned on by giving it one.")
    .optional(),
  ignore: z
    .array(
      PATTERN.regex(/^(?!!)/, 'cannot take paths back with "!"')
        .regex(/^[^\\]*$/, 'has a "\\"; "/" stands between folders, on Windows, too')
        .regex(/^(?!\.\.(?:\/|$))/, 'leads out of the folder of the configuration, to which patterns are relative'),
      "must be a list of patterns",
    )
    .describe("Patterns of paths that are not linted, relative to the configuration file.")
    .optional(),
  transaction: z
    .boolean("must be true or false")
    .describe("True: each file runs in a transaction of its own. False: none does. Absent: what the migration tool does.")
    .optional(),
  searchPath: z
    .array(z.string("must be the name of a schema").min(1, "must not be empty"), "must be a list of schemas")
    .min(1, "must name a schema")
    .describe("The schemas of the search_path with which the tool's sessions begin. Absent: what the tool's own files say.")
    .optional(),
  schema: z
    .string("must be the path of a file")
    .min(1, "must be the path of a file")
    .describe("A dump of the schema to start from, instead of the earlier migrations; relative to the configuration file.")
    .optional(),
  stats: z
    .string("must be the path of a file")
    .min(1, "must be the path of a file")
    .describe("Sizes of tables, as the query of pgsafe stats gives them; relative to the configuration file.")
    .optional(),
  app: z
    .array(PATTERN, "must be a list of patterns")
    .describe("Sources of the application, searched for uses of what a migration drops or renames; relative to the configuration file.")
    .optional(),
  cacheLocation: z
    .string("must be the path of a folder")
    .min(1, "must be the path of a folder")
    .describe("Where to keep what the history has taught, for the next run; relative to the configuration file.")
    .optional(),
  framework: z
    .enum(FRAMEWORKS, { error: ({ input }) => `is not a migration tool that pgsafe knows${didYouMean(String(input), FRAMEWORKS) || `; known are ${FRAMEWORKS.join(", ")}`}` })
    .describe("The tool that runs the migrations, when it is not recognized.")
    .optional(),
})

/** What a configuration may say. */
export type Config = z.infer<typeof schema>

/** The JSON schema of a configuration file, for editors, which complete the ids of rules by it. */
export function configJsonSchema(): object {
  const { properties, ...rest } = z.toJSONSchema(schema)
  const severities = Object.fromEntries(
    rules.map(({ id, docs }) => [id, { description: docs.summary, enum: SEVERITIES }]),
  )
  return {
    title: "Configuration of pgsafe",
    ...rest,
    properties: {
      ...properties,
      rules: { type: "object", description: "Severities by rule id.", properties: severities, additionalProperties: false },
    },
  }
}

/** Checks a configuration; the problems say which key, what is wrong and what is near. */
export function checkConfig(content: unknown): { readonly config: Config } | { readonly problems: readonly string[] } {
  const result = schema.safeParse(content)
  const problems = result.success ? [] : result.error.issues.flatMap(describe)
  const named = result.success ? Object.keys(result.data.rules ?? {}) : []
  for (const name of named) {
    if (!rules.some(({ id }) => id === name)) problems.push(`"rules" names the unknown rule "${name}"${didYouMean(name, rules.map(({ id }) => id)) || "; pgsafe rules lists them"}`)
  }
  return result.success && problems.length === 0 ? { config: result.data } : { problems }
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(schema.shape)
    return issue.keys.map((key) => `unknown key "${key}"${didYouMean(key, known) || `; known are ${known.join(", ")}`}`)
  }
  const path = issue.path.map((key, index) => (typeof key === "number" ? `[${String(key)}]` : `${index === 0 ? "" : "."}${String(key)}`)).join("")
  return [path === "" ? "the configuration must be an object" : `"${path}" ${issue.message}`]
}
