/** Makes a rule and its fixtures from a template: `npm run new-rule <id>`. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { writeRuleIndex } from "./generate-rule-index.ts"

const root = new URL("../", import.meta.url)

export function ruleTemplate(id: string): string {
  return `import { exists, operationsOf, written } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"

export default defineRule({
  id: "${id}",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "One line: the hazard.",
    what: "What the rule reports.",
    why: "Why it is dangerous, in one or two sentences, with the lock in PostgreSQL's words.",
    instead: "What to do instead.",
    silent: "When the rule keeps silent.",
    references: ["https://www.postgresql.org/docs/current/explicit-locking.html"],
  },
  messages: {
    locked: "LOCK TABLE blocks queries of {table}",
  },
  operations: ["lock table"],
  *check(statement, context) {
    for (const { tables } of operationsOf(statement, "lock table")) {
      for (const { table } of tables) {
        if (!exists(table, context)) continue
        yield { span: table.span, message: "locked", data: { table: written(table, context) } }
      }
    }
  },
})
`
}

export const FIRING_TEMPLATE = `-- case: What fires
LOCK TABLE orders IN ACCESS EXCLUSIVE MODE;
`

export const SILENT_TEMPLATE = `-- case: What stays silent
CREATE TABLE carts (id bigint);
`

function main(id: string | undefined): void {
  if (id === undefined || !/^[a-z]+(?:-[a-z]+)+$/.test(id)) {
    console.error("usage: new-rule <id>, where the id names the hazard in kebab case: index-creation-blocks-writes")
    process.exitCode = 2
    return
  }
  const rule = new URL(`rules/${id}.ts`, root)
  if (existsSync(rule)) {
    console.error(`rules/${id}.ts is there already`)
    process.exitCode = 2
    return
  }
  const fixtures = new URL(`fixtures/rules/${id}/`, root)
  mkdirSync(fixtures, { recursive: true })
  writeFileSync(rule, ruleTemplate(id))
  writeFileSync(new URL("firing.sql", fixtures), FIRING_TEMPLATE)
  writeFileSync(new URL("silent.sql", fixtures), SILENT_TEMPLATE)
  writeRuleIndex()
  console.log(`Written: rules/${id}.ts, fixtures/rules/${id}/, rules/index.ts.`)
  console.log(
    `Next: edit them, then run npm run update-fixtures ${id} and npm run generate.`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2])
