import { defineRule } from "../src/engine/rule.ts"

/** The engine itself makes the findings; this declares their name, severity and text. */
export default defineRule({
  id: "unknown-suppression",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "A pgsafe-ignore comment names a rule that does not exist.",
    what: "Reports pgsafe-ignore comments with unknown rule ids.",
    why: "A mistyped id suppresses nothing.",
    instead: "Correct the id.",
    silent: "For ids of known rules.",
    references: [],
  },
  messages: {
    found: "there is no rule {rule}{suggestion}",
  },
  operations: [],
  check: () => [],
})
