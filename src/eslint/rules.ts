/** One ESLint rule for each of pgsafe's, made from its metadata. */
import type { Fixer, RuleContext, RuleModule } from "./host.ts"
import { RULES, type RuleFacts } from "./metadata.ts"
import { EMBEDDED_PARSE_ERROR, type Report } from "./report.ts"
import type { Listen } from "./run.ts"

/** What PostgreSQL's documentation says where a rule names no page of its own. */
const SQL_SYNTAX = "https://www.postgresql.org/docs/current/sql-syntax.html"

const PARSE_ERROR: RuleFacts = {
  id: EMBEDDED_PARSE_ERROR,
  severity: "error",
  presets: ["recommended"],
  summary: "PostgreSQL cannot parse SQL that stands in code.",
  page: null,
}

export function eslintRules(listen: Listen): Readonly<Record<string, RuleModule>> {
  return Object.fromEntries([...RULES, PARSE_ERROR].map((facts) => [facts.id, eslintRule(facts, listen)]))
}

function eslintRule({ id, summary, page, presets }: RuleFacts, listen: Listen): RuleModule {
  return {
    meta: {
      type: "problem",
      docs: { description: summary, url: page ?? SQL_SYNTAX, recommended: presets.includes("recommended") },
      fixable: "code",
      hasSuggestions: true,
      schema: [],
      messages: { found: "{{message}}", fix: "{{title}}" },
    },
    create: (context: RuleContext) => listen(id, context),
  }
}

/** Hands a report to ESLint. */
export function tell({ start, end, message, fix }: Report, context: RuleContext): void {
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
