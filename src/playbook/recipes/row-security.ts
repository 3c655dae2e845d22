import type { RecipeContext } from "../context.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { qualifiedName, underPath } from "../qualified.ts"
import { quoteName } from "../sql.ts"
import { brief, recipe } from "../steps.ts"

export type OrderRowSecurityParameters = Readonly<{
  table: PlainName
  /** The user's own statements that add policies, and what those need, in their order. */
  policies: readonly string[]
  /** The user's own statements that enable or force row security, or drop policies. */
  restrictions: readonly string[]
}>

/**
 * Row security without a moment at which no policy lets anybody see a row (docs: Row Security Policies: without a policy a
 * default-deny policy is used).
 */
export function orderRowSecurity({ table: given, policies, restrictions }: OrderRowSecurityParameters, context: RecipeContext): Step[] {
  const table = qualifiedName(given, context)
  return recipe([
    brief(
      {
        deploy: "expand",
        title: `Create the policies of ${quoteName(table)} first, and enable row security last, in one transaction`,
        note: "Whether running code sees the rows that it needs then hangs on the policies alone.",
      },
      table,
      "ACCESS EXCLUSIVE",
      ...underPath([...policies, ...restrictions], context),
    ),
  ])
}

export type ReplacePoliciesParameters = Readonly<{
  table: PlainName
  /** The user's own statements that drop the old policies and create the new ones, in their order. */
  statements: readonly string[]
}>

/** Old policies for new ones, which others see at once. */
export function replacePolicies({ table: given, statements }: ReplacePoliciesParameters, context: RecipeContext): Step[] {
  const table = qualifiedName(given, context)
  return recipe([
    brief(
      { deploy: "expand", title: `Replace the policies of ${quoteName(table)} in one transaction` },
      table,
      "ACCESS EXCLUSIVE",
      ...underPath(statements, context),
    ),
  ])
}
