import type { ResultError, ResultFinding } from "../engine/result.ts"
import type { Rule } from "../engine/rule.ts"
import { lockInWords } from "./lock.ts"
import type { Reporter } from "./reporter.ts"
import { stepsAsSql } from "./steps.ts"

/** `--format sarif`: SARIF 2.1.0 (OASIS), as code scanning services read it. */
export function sarifReporter(rules: readonly Rule[], version: string): Reporter {
  const results: object[] = []
  const notifications: object[] = []
  return {
    start: () => "",
    file(findings) {
      for (const finding of findings) results.push(result(finding, rules))
      return ""
    },
    error(error) {
      notifications.push(notification(error))
      return ""
    },
    end: () =>
      `${JSON.stringify({
        $schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [
          {
            tool: { driver: { name: "pgsafe", semanticVersion: version, rules: rules.map(descriptor) } },
            // SARIF columns count UTF-16 units unless the run says otherwise; said, so that nobody has to guess.
            columnKind: "utf16CodeUnits",
            invocations: [{ executionSuccessful: notifications.length === 0, toolExecutionNotifications: notifications }],
            results,
          },
        ],
      }, null, 2)}\n`,
  }
}

function descriptor({ id, severity, docs }: Rule): object {
  const [helpUri] = docs.references
  return {
    id,
    shortDescription: { text: docs.summary },
    fullDescription: { text: docs.what },
    help: { text: `${docs.why}\n\n${docs.instead}` },
    ...(helpUri !== undefined && { helpUri }),
    defaultConfiguration: { level: severity },
  }
}

function result(finding: ResultFinding, rules: readonly Rule[]): object {
  return {
    ruleId: finding.rule,
    ruleIndex: rules.findIndex(({ id }) => id === finding.rule),
    level: finding.severity,
    message: { text: details(finding) },
    locations: [location(finding.file, finding)],
    ...(finding.related.length > 0 && {
      relatedLocations: finding.related.map((related, index) => ({
        id: index + 1,
        ...location(related.file, related),
        message: { text: related.message },
      })),
    }),
  }
}

/** The message, the locks, what is not known, and the safe version as SQL. Why it matters is the rule's help. */
function details({ message, locks, uncertain, steps }: ResultFinding): string {
  const facts = [message, ...locks.map((lock) => `Lock: ${lockInWords(lock)}`), ...uncertain.map((unknown) => `Unknown: ${unknown}`)].join("\n")
  return steps.length === 0 ? facts : `${facts}\n\n${stepsAsSql(steps, Infinity)}`
}

function notification({ file, line, column, message }: ResultError): object {
  return {
    level: "error",
    message: { text: message },
    locations: [line === undefined ? { physicalLocation: { artifactLocation: artifact(file) } } : location(file, { line, column: column ?? 1 })],
  }
}

interface Place {
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
}

function location(file: string, { line, column, endLine, endColumn }: Place): object {
  return {
    physicalLocation: {
      artifactLocation: artifact(file),
      region: {
        startLine: line,
        startColumn: column,
        ...(endLine !== undefined && { endLine }),
        ...(endColumn !== undefined && { endColumn }),
      },
    },
  }
}

/** A URI reference: relative to the repository's root for a relative path. */
function artifact(file: string): object {
  const absolute = file.startsWith("/") || /^[A-Za-z]:/.test(file)
  const path = file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/").replaceAll("%3A", ":")
  return absolute ? { uri: `file://${path.startsWith("/") ? "" : "/"}${path}` } : { uri: path, uriBaseId: "%SRCROOT%" }
}
