const UNITS_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, "": 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

const DURATION = /^\s*([-+]?)(?:(0x[\da-f]+)|(0[0-7]+)|((?:(?:0[0-7]*|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?))\s*([a-z]*)\s*$/i

/** Up to 11 a duration is a whole number, and microseconds are no unit. */
const WHOLE = /^\s*[-+]?(?:0x[\da-f]+|\d+)\s*(?!us)[a-z]*\s*$/i

/** INT_MAX: the highest value of every setting that is a duration. */
const MOST_MS = 2_147_483_647

/**
 * The milliseconds of a setting such as lock_timeout, as the server reads its value (docs: Parameter Names and Values): it knows hexadecimal
 * and octal numbers, and rounds to whole milliseconds. Null when it is none, such as a variable, and when it is negative.
 */
export function milliseconds(written: string): number | null {
  const [, sign = "", hexadecimal, octal, decimal, unit = ""] = DURATION.exec(written) ?? []
  const factor = Object.hasOwn(UNITS_MS, unit) ? UNITS_MS[unit] : undefined
  const amount = hexadecimal !== undefined ? Number(hexadecimal) : octal !== undefined ? Number.parseInt(octal, 8) : Number(decimal)
  if (factor === undefined || Number.isNaN(amount)) return null
  const rounded = roundHalfToEven(amount * factor)
  return sign === "-" && rounded !== 0 ? null : rounded
}

/** Whether the server takes the text as a duration. */
export function isDuration(written: string, pgVersion: number): boolean {
  const value = milliseconds(written)
  return value !== null && value <= MOST_MS && (pgVersion >= 12 || WHOLE.test(written))
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value)
  return value % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded
}
