/** One ESLint rule for each of pgsafe's, made from its metadata. */
import { rules } from "../../rules/index.ts"
import { EMBEDDED_PARSE_ERROR, reportsOf, type Report } from "./analysis.ts"
import { SQL_ROOT } from "./language.ts"
import type { Fixer, RuleContext, RuleModule } from "./host.ts"

/** What PostgreSQL's documentation says where a rule names no page of its own. */
const SQL_SYNTAX = "https://www.postgresql.org/docs/current/sql-syntax.html"

export const eslintRules: Readonly<Record<string, RuleModule>> = Object.fromEntries([
  ...rules.map((rule) => [rule.id, eslintRule(rule.id, rule.docs.summary, rule.docs.references[0] ?? SQL_SYNTAX, rule.presets.includes("recommended"))] as const),
  [
    EMBEDDED_PARSE_ERROR,
    eslintRule(EMBEDDED_PARSE_ERROR, "PostgreSQL cannot parse SQL that stands in code.", SQL_SYNTAX, true),
  ] as const,
])

function eslintRule(id: string, description: string, url: string, recommended: boolean): RuleModule {
  return {
    meta: {
      type: "problem",
      docs: { description, url, recommended },
      fixable: "code",
      hasSuggestions: true,
      schema: [],
      messages: { found: "{{message}}", fix: "{{title}}" },
    },
    create: (context: RuleContext) => {
      const check = (): void => {
        for (const report of reportsOf(id, context)) tell(report, context)
      }
      return { Program: check, [SQL_ROOT]: check }
    },
  }
}

function tell({ start, end, message, fix }: Report, context: RuleContext): void {
  const { sourceCode } = context
  const apply = fix === null ? null : (fixer: Fixer) => fix.edits.map((edit) => fixer.replaceTextRange([edit.start, edit.end], edit.text))
  context.report({
    messageId: "found",
    data: { message },
    loc: { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) },
    ...(apply !== null && fix?.safe === true && { fix: apply }),
    ...(apply !== null && fix?.safe === false && { suggest: [{ messageId: "fix", data: { title: fix.title }, fix: apply }] }),
  })
}
