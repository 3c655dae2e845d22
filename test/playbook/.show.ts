import { stepsFor } from "./recipe.ts"
import { stepsAsSql } from "../../src/report/steps.ts"
const [schema, migration, v] = process.argv.slice(2)
console.log(stepsAsSql(stepsFor({ schema: schema!, migration: migration!, pgVersion: Number(v ?? 14) }), 80))
