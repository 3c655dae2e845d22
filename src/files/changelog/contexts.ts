/** Contexts and labels: whether something runs on PostgreSQL at all, as far as they tell. */
import { attributeOf, type ChangelogNode } from "./nodes.ts"

/** `perhaps`: what is handed to Liquibase decides. */
export type Occasion = "always" | "perhaps" | "never"

/** Projects that run on several databases often name a context after each. */
const POSTGRES = /^(?:postgres(?:ql)?|pg(?:sql)?|psql)$/i
const OTHERS = /^(?:mysql|mariadb|oracle|mssql|sqlserver|h2|hsqldb|sqlite|db2|derby|informix|sybase|cockroach(?:db)?)$/i

/** When a changeset runs, or what is included. */
export function occasionOf(node: ChangelogNode): Occasion {
  return whenAll(["context", "contextFilter", "contexts", "labels"].map((name) => either((attributeOf(node, name) ?? "").trim())))
}

/** When both are told to run. */
export function whenAll(occasions: readonly Occasion[]): Occasion {
  return occasions.includes("never") ? "never" : occasions.includes("perhaps") ? "perhaps" : "always"
}

/** An expression; nothing means always. Source: ExpressionMatcher.java. */
function either(expression: string): Occasion {
  if (expression === "") return "always"
  if (/[()]/.test(expression)) return "perhaps"
  const parts = expression.split(/,|\s+or\s+/i).map((part) => whenAll(part.split(/\s+and\s+/i).map((term) => single(term.trim()))))
  return parts.includes("always") ? "always" : parts.includes("perhaps") ? "perhaps" : "never"
}

function single(term: string): Occasion {
  const [, not, name = ""] = /^(!|not\s)?\s*(.*)$/i.exec(term) ?? []
  const isPostgres = POSTGRES.test(name)
  return isPostgres || OTHERS.test(name) ? (isPostgres === (not === undefined) ? "always" : "never") : "perhaps"
}
