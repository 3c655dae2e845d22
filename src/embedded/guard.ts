/** What code asks of the database's schema before it sends SQL. */

/** Whether there is a table, or a column of it; each time that the code asks is a question of its own. */
export interface Question {
  readonly relation: { readonly schema: string | null; readonly name: string }
  readonly column: string | null
}

/** The answer to a question that code takes to go on. */
export interface Guard {
  readonly question: Question
  readonly answer: boolean
}
