/**
 * Files of named queries, of which an application runs one at a time, with values for its parameters: no script that runs from its first
 * statement to its last.
 */

/** Lines that only these tools write: sqlc, HugSQL and PugSQL, the blocks of `@prairielearn/postgres`, PgTyped, aiosql with an operator. */
const CERTAIN = new RegExp(
  [
    "(?:--|#|/\\*)[ \\t]*name:[ \\t]*\\w+[ \\t]+:(?:one|many|exec|execrows|execresult|execlastid|batchone|batchmany|batchexec|copyfrom)\\b",
    "--[ \\t]*:(?:name|snip)[ \\t]+\\S",
    "--[ \\t]*BLOCK[ \\t]+[\\w-]+[ \\t]*\\r?$",
    "/\\*[ \\t]*@name[ \\t]+\\w+[ \\t]*(?:\\*/|\\r?$)",
    "--[ \\t]*name[ \\t]*:[ \\t]*[\\w-]+(?:\\([^)\\n]*\\))?(?:[\\^$#]|[*<]?!)(?:\\([^)\\n]*\\))?[ \\t]*\\r?$",
  ].join("|"),
  "my",
)

/** What yesql, aiosql and their kin write, and what a person may have written above a migration. */
const LIKELY = /--[ \t]*name[ \t]*:[ \t]*[\w-]+(?:\([^)\n]*\))?[ \t]*\r?$/my

const OPENS_COMMENT: ReadonlySet<string> = new Set(["-", "/", "#"])

/** A comment, and blanks. */
const ASIDE = /\s+|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\//y

/** Whether a text is a file of named queries: one has its name before the first statement, in a line that tells, or two have. */
export function holdsNamedQueries(text: string): boolean {
  for (let at = 0; ; ) {
    const isComment = OPENS_COMMENT.has(text.charAt(at))
    if (isComment && matchesAt(CERTAIN, text, at)) return true
    if (isComment && matchesAt(LIKELY, text, at)) return text.split("\n").filter((line) => matchesAt(LIKELY, line, 0)).length > 1
    ASIDE.lastIndex = at
    if (!ASIDE.test(text)) return false
    at = ASIDE.lastIndex
  }
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at
  return pattern.test(text)
}
