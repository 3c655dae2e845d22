import { beforeAll, describe, expect, it } from "vitest"
import { loadGrammar } from "../../../src/parse/grammar/load-node.ts"
import { evaluate, type Constant } from "../../../src/parse/lower/constants.ts"

beforeAll(() => { loadGrammar() })

const UNKNOWN = { get: () => undefined }

/** What PostgreSQL 16 gives for `SELECT <expression>`, asked. */
const VALUES: readonly (readonly [expression: string, value: Constant])[] = [
  ["format('%s %I %L %%', 'a', 'B c', 'it''s')", "a \"B c\" 'it''s' %"],
  ["format('%2$s %1$s', 'a', 'b')", "b a"],
  ["format('%2$s %s', 'a', 'b', 'c')", "b c"],
  ["format('%s', NULL)", ""],
  ["format('%L', NULL)", "NULL"],
  ["format('%I', 'select')", '"select"'],
  ["format('%I', 'name')", "name"],
  ["format('%I', '1a')", '"1a"'],
  ["format('%L', 'a\\b')", "E'a\\\\b'"],
  ["quote_ident('a\"b')", '"a""b"'],
  ["quote_ident('between')", '"between"'],
  ["quote_nullable(NULL)", "NULL"],
  ["concat('a', NULL, 'b', 1)", "ab1"],
  ["concat_ws(',', 'a', NULL, 'b')", "a,b"],
  ["replace('aXbX', 'X', '$&')", "a$&b$&"],
  ["left('abcdef', 3)", "abc"],
  ["lpad('7', 2, '0')", "07"],
  ["lpad('777', 2, '0')", "77"],
  ["lpad('7', 7, 'ab')", "ababab7"],
  ["split_part('a.b.c', '.', 2)", "b"],
  ["split_part('a.b.c', '.', 9)", ""],
  ["btrim('  a b ')", "a b"],
  ["array_to_string(string_to_array('a-b', '-'), '+')", "a+b"],
  ["(ARRAY['a', 'b'])[2]", "b"],
  ["array_length(ARRAY['a', 'b', 'c'], 1)", "3"],
  ["array_length('{}'::text[], 1)", null],
  ["'a' || 'b' || 1", "ab1"],
  ["1 + 2 * 3", "7"],
  ["10 - 12", "-2"],
  ["'x' || NULL", null],
  ["coalesce(NULL, 'a')", "a"],
  ["'{ a , b }'::text[]", ["a", "b"]],
  ["ARRAY['a'] || ARRAY['b']", ["a", "b"]],
  ["E'a\\nb'", "a\nb"],
  ["U&'\\0061'", "a"],
  ["1.50 || ''", "1.50"],
  ["'orders'::regclass || ''", "orders"],
  ["'Orders'::regclass || ''", "orders"],
  ["'\"orders\"'::regclass || ''", "orders"],
  ["'\"user\"'::regclass || ''", '"user"'],
  ["'\"Order\"\"s\"'::regclass || ''", '"Order""s"'],
  ["100000000000 || ''", "100000000000"],
]

/** What is printed in another way than it is written, hangs on settings, or fails. */
const UNTOLD = [
  "1e3 || ''", ".5 || ''", "true || ''", "'007'::int", "'2024-01-01'::date || ''", "'abc'::varchar(2)", "lower('É')", "left('abc', -1)", "format('%10s', 'a')", "format('%I', NULL)",
  "format('%s %s', 'a')", "concat(ARRAY['a'])", "'{a,NULL}'::text[]", "'{\"a b\"}'::text[]", "'public.orders'::regclass || ''", "current_setting('x')", "a", "my.format('a')", "(SELECT 'a')", "CASE WHEN true THEN 'a' END",
]

describe("constants", () => {
  it.each(VALUES)("%s", (expression, value) => {
    expect(evaluate(expression, UNKNOWN)).toEqual(value)
  })

  it.each(UNTOLD)("%s is not told", (expression) => {
    expect(evaluate(expression, UNKNOWN)).toBeUndefined()
  })
})
