import type { LintResult, ResultError, ResultFinding } from "../engine/result.ts"

/** Receives what a run finds, in order, and returns the text to print for each part. */
export interface Reporter {
  /** What comes before everything else. */
  start(): string
  /** The findings of one file; `sql` is its text. */
  file(findings: readonly ResultFinding[], sql: string): string
  /** A file that could not be read or linted. */
  error(error: ResultError): string
  /** What comes last. */
  end(summary: LintResult["summary"]): string
}

/** The formats of results. */
export const FORMATS = ["pretty", "json", "github", "sarif"] as const
export type Format = (typeof FORMATS)[number]
