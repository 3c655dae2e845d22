/** Kinds of columns, and their values by the number of the row. */

export interface Kind {
  readonly kind: string
  readonly type: string
  readonly value: (row: number) => string
  readonly distinct?: boolean
  readonly constant?: string
  readonly since?: number
}

const two = (n: number): string => String(n).padStart(2, "0")
export const day = (n: number): string => `${String(2020 + (Math.floor(n / 336) % 2))}-${two((Math.floor(n / 28) % 12) + 1)}-${two((n % 28) + 1)}`

export const kinds: readonly Kind[] = [
  { kind: "int", type: "int", value: (n) => String(n), distinct: true, constant: "7" },
  { kind: "int", type: "integer", value: (n) => String((n % 9) + 1), constant: "0" },
  { kind: "bigint", type: "bigint", value: (n) => String(n * 10), distinct: true, constant: "42" },
  { kind: "smallint", type: "smallint", value: (n) => String((n % 50) + 1) },
  { kind: "text", type: "text", value: (n) => `'v${String(n)}'`, distinct: true, constant: "'none'" },
  { kind: "text", type: "text", value: (n) => `'it''s ${String(n % 7)}'`, constant: "''" },
  { kind: "digits", type: "text", value: (n) => `'${String(n)}'`, distinct: true, constant: "'5'" },
  { kind: "digits", type: "varchar(40)", value: (n) => `'${String((n % 20) + 1)}'`, constant: "'5'" },
  { kind: "varchar", type: "varchar(50)", value: (n) => `'m${String(n)}@x.org'`, distinct: true, constant: "'a@b'" },
  { kind: "char", type: "char(8)", value: (n) => `'c${String(n)}'`, distinct: true },
  { kind: "numeric", type: "numeric(10,2)", value: (n) => `${String(n % 90)}.50`, constant: "1.5" },
  { kind: "numeric", type: "numeric", value: (n) => `${String(n)}.${n % 2 === 0 ? "50" : "5"}`, distinct: true, constant: "0" },
  { kind: "float", type: "double precision", value: (n) => `${String(n)}.25`, distinct: true, constant: "0" },
  { kind: "date", type: "date", value: (n) => `'${day(n)}'`, constant: "'2019-09-09'" },
  { kind: "timestamp", type: "timestamp", value: (n) => `'${day(n)} 10:00:00'`, constant: "'2019-01-01 00:00:00'" },
  { kind: "timestamptz", type: "timestamptz", value: (n) => `'${day(n)} 10:00:00+00'`, constant: "to_timestamp(1000)" },
  { kind: "boolean", type: "boolean", value: (n) => (n % 3 === 0 ? "true" : "false"), constant: "false" },
  { kind: "jsonb", type: "jsonb", value: (n) => `'{"a": ${String(n)}}'`, constant: "'{}'" },
  { kind: "json", type: "json", value: (n) => `'{"a":  ${String(n)}}'`, constant: "'{}'" },
  { kind: "uuid", type: "uuid", value: (n) => `'00000000-0000-0000-0000-${String(n).padStart(12, "0")}'`, distinct: true },
  { kind: "int array", type: "int[]", value: (n) => `'{${String(n)},${String(n % 3)}}'`, constant: "'{}'" },
  { kind: "text array", type: "text[]", value: (n) => `'{a${String(n)},b}'`, constant: "'{}'::text[]" },
  { kind: "inet", type: "inet", value: (n) => `'10.0.${String(Math.floor(n / 250))}.${String(n % 250)}'`, distinct: true },
  { kind: "bytea", type: "bytea", value: (n) => `'\\x${(n + 4096).toString(16)}'` },
  { kind: "interval", type: "interval", value: (n) => `'${String(n)} days'` },
  { kind: "range", type: "int4range", value: (n) => `'[${String(n * 2)},${String(n * 2 + 1)}]'`, distinct: true },
]
