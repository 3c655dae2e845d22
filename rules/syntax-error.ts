import { defineRule } from "../src/engine/rule.ts"

/** The engine itself makes the findings; this declares their name, severity and text. */
export default defineRule({
  id: "syntax-error",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "PostgreSQL cannot parse the statement.",
    what: "Reports what PostgreSQL's own grammar rejects.",
    why: "The migration stops with a syntax error.",
    instead: "Correct the statement.",
    silent: "For placeholders of known template languages and drivers, and for what a template sends to another database.",
    references: [],
  },
  messages: {
    found: "{error}",
  },
  operations: [],
  check: () => [],
})
