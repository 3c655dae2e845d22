import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { lex } from "../../source/lexer.ts"
import { isSymbol, spanOf, tokenIndexAt } from "../../source/tokens.ts"
import { listed } from "../dependents.ts"
import { applyEdits, type Edit } from "../edit.ts"
import { createNames, defaultLabel } from "../names.ts"
import { underPath } from "../qualified.ts"
import { quoteName } from "../sql.ts"
import { brief, recipe } from "../steps.ts"
import { constraintSteps } from "./add-constraint.ts"

type ForeignKey = Extract<ConstraintDefinition, { kind: "foreign key" }>

export type CreateWithoutKeysParameters = Readonly<{
  operation: OperationOf<"create table">
  /** Those that get a step of their own. */
  keys: readonly ForeignKey[]
}>

/** CREATE TABLE with foreign keys to several tables: the table without some of them, which then come one by one. */
export function createWithoutKeys({ operation, keys }: CreateWithoutKeysParameters, context: RecipeContext): Step[] {
  const { table, span } = operation
  const text = context.text(span)
  const create = applyEdits(text, span.start, leavingOut(keys, text, span.start))
  const kept = [...operation.columns.flatMap(({ constraints }) => constraints), ...operation.constraints].flatMap((one) =>
    one.kind === "foreign key" && !keys.includes(one) ? [one] : [],
  )
  const locked = kept[0]?.references ?? table
  const title = `Create ${quoteName(table)} without its foreign ${keys.length === 1 ? "key" : "keys"} to ${listed([...new Set(keys.map(({ references }) => quoteName(references)))])}`
  const names = createNames(table, context)
  for (const { name, columns } of kept) if (name === null) names.constraint(columns.map((column) => column.name), defaultLabel("foreign key"))
  return recipe([
    brief({ deploy: "expand", title }, locked, "SHARE ROW EXCLUSIVE", ...underPath([`${create.trim().replace(/;$/, "")};`], context)),
    ...keys.flatMap((key) => constraintSteps(table, key, names, context)),
  ])
}

/** Takes constraints out of the definition: those of a column with the blanks before them, those of the table with a comma. */
function leavingOut(keys: readonly ForeignKey[], text: string, base: number): readonly Edit[] {
  const tokens = lex(text)
  /** Where the part ends that begins the list of columns and constraints, and goes with its comma. */
  let led = -1
  return [...keys]
    .sort((left, right) => left.span.start - right.span.start)
    .map(({ span }): Edit => {
      const start = span.start - base
      const end = span.end - base
      const before = tokenIndexAt(tokens, start) - 1
      const after = tokenIndexAt(tokens, end)
      const isFirst = isSymbol(tokens, before, "(") || spanOf(tokens, before).end === led
      if (isFirst && isSymbol(tokens, after, ",")) {
        led = spanOf(tokens, after).end
        return cut(start, led, base)
      }
      return cut(isSymbol(tokens, before, ",") ? spanOf(tokens, before).start : text.slice(0, start).trimEnd().length, end, base)
    })
}

function cut(start: number, end: number, base: number): Edit {
  return { span: { start: start + base, end: end + base }, text: "" }
}
