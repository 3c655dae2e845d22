import { opening } from "../src/engine/questions/predicates.ts"
import { defineRule } from "../src/engine/rule.ts"
import { statementsOf } from "../src/engine/questions/switch-off.ts"

export default defineRule({
  id: "mixed-file-refused",
  severity: "error",
  presets: ["recommended"],
  docs: {
    summary: "Flyway refuses a file that mixes statements that cannot run in a transaction with others.",
    what:
      "Reports CREATE INDEX CONCURRENTLY, VACUUM and the like in a Flyway file that also has other statements, even if only a " +
      "SET.",
    why:
      "Flyway runs a file of nothing but such statements without a transaction, and every other file in one. Where it " +
      "finds both it stops with an error before it runs anything.",
    instead: "Put the statements that cannot run in a transaction into a migration of their own.",
    silent:
      "When all statements of the file are of that kind, with `flyway.mixed=true`, and when `executeInTransaction=false` " +
      "says what to do.",
    references: [
      "https://documentation.red-gate.com/flyway/reference/configuration/flyway-namespace/flyway-mixed-setting",
    ],
  },
  messages: {
    mixed: "{tool} refuses this file: {what}, but {others} of the file can",
  },
  *check({ statement, effects, within }, context) {
    const { runner } = context
    if (effects.transaction !== "forbidden" || within !== null || runner?.detects?.effect !== "pure file") return
    const unit = context.unitOf(statement)
    if (unit === null || unit.wrap === "none") return
    const { patterns } = runner.detects
    const isFound = (one: typeof statement): boolean => patterns.some((pattern) => pattern.test(context.text(one.span)))
    const all = statementsOf(unit, context)
    const others = all.filter((one) => !isFound(one))
    if (others.length === 0 || all.find(isFound) !== statement) return
    yield {
      span: opening(statement, context),
      message: "mixed",
      data: {
        tool: runner.name,
        what: effects.forbidden ?? "the statement cannot run inside a transaction block",
        others: others.length === 1 ? "another statement" : `${String(others.length)} other statements`,
      },
      locks: [],
      steps: [
        {
          deploy: "expand",
          title: "Run the statement in a migration of its own",
          sql: `${context.text(statement.span)};`,
          transaction: false,
          lock: null,
          note: `${runner.name} turns its transaction off by itself when nothing else is in the file.`,
        },
      ],
    }
  },
})
