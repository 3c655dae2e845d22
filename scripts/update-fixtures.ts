/**
 * Writes what pgsafe now finds into the fixtures of rules: `npm run update-fixtures [rule...]`. Read the
 * difference before you commit it; the fixtures are the specification.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { rules } from "../rules/index.ts"
import { applyFixes, fixtureFiles, readCases, run, writeCase } from "../test/rules/fixture.ts"

const wanted = process.argv.slice(2)
for (const { id } of rules) {
  if (wanted.length > 0 && !wanted.includes(id)) continue
  for (const path of fixtureFiles(id)) {
    const cases = readCases(readFileSync(path, "utf8"))
    const texts = cases.map((one) => {
      const { findings } = run(id, one, one.sql)
      return writeCase(one, findings, applyFixes(one.sql, findings, id))
    })
    writeFileSync(path, texts.join("\n"))
  }
}
