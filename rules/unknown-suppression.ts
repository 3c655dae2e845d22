import { defineRule } from "../src/engine/rule.ts"

/** The engine itself makes the findings; this declares their name, severity and text. */
export default defineRule({
  id: "unknown-suppression",
  severity: "warning",
  presets: ["recommended"],
  docs: {
    summary: "A comment for pgsafe names a rule that does not exist or none, or begins with a word that pgsafe does not know.",
    what: "Reports pgsafe-ignore comments with unknown rule ids, or without any, and comments such as pgsafe-ignore-next-line.",
    why: "A mistyped id suppresses nothing.",
    instead: "Correct the id, or name the rule to suppress.",
    silent: "For ids of known rules.",
    references: [],
  },
  messages: {
    found: "there is no rule {rule}{suggestion}",
    unknownWord:
      "pgsafe does not know the word {word}, so the comment suppresses nothing; write -- pgsafe-ignore <rule> -- <reason>, " +
      "or pgsafe-ignore-file for the whole file",
    reasonWithoutDashes: "`{words}` is no rule; a reason stands behind two dashes: -- pgsafe-ignore {rules} -- {reason}",
    unnamed: "the comment names no rule and suppresses nothing; write -- pgsafe-ignore <rule> -- <reason>",
  },
  operations: [],
  check: () => [],
})
