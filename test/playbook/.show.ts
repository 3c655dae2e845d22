import { stepsFor } from "./recipe.ts"
import { renderSteps } from "../../src/playbook/index.ts"
const [schema, migration, v] = process.argv.slice(2)
console.log(renderSteps(stepsFor({ schema: schema!, migration: migration!, pgVersion: Number(v ?? 14) })))
