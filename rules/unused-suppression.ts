import { defineRule } from "../src/engine/rule.ts"

/** The engine itself makes the findings; this declares their name, severity and text. */
export default defineRule({
  id: "unused-suppression",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "A pgsafe-ignore comment suppresses nothing.",
    what: "Reports pgsafe-ignore comments for findings that are not there.",
    why: "A comment that outlives its finding hides the next one.",
    instead: "Remove the comment.",
    silent: "When the rule is switched off.",
    references: [],
  },
  messages: {
    found: "nothing here is reported by {rule}; remove the comment",
  },
  operations: [],
  check: () => [],
})
