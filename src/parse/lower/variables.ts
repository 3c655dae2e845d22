/** What the variables of PL/pgSQL code hold, as far as its text tells, while its statements are gone through in their order. */
import { coerced, evaluate, isPrinted, type Constant, type Known } from "./constants.ts"
import { fieldsOf, itemsOf, textOf, type Fields } from "./guards.ts"

/** The arguments of a call, by position; null for what is not told. */
export type Arguments = readonly (string | null)[]

interface Variable {
  readonly name: string
  /** Empty for a record. */
  readonly type: string
  /** A field of a record stands for the whole of it. */
  readonly isField: boolean
}

export class Variables implements Known {
  /** Whether a value has been asked for and told. */
  used = false
  private readonly values = new Map<string, Constant>()
  private readonly variables: readonly (Variable | null)[]
  /** Several variables have these names, so that it takes their blocks to tell them apart. */
  private readonly ambiguous: ReadonlySet<string>

  /** @param data The parser's list of variables, to which the statements refer by position. */
  constructor(data: readonly unknown[]) {
    const records = data.map((datum) => variableOf(fieldsOf(datum) ?? {}))
    this.variables = data.map((datum, position) => {
      const field = fieldsOf(fieldsOf(datum)?.["PLpgSQL_recfield"])
      const record = field === undefined ? null : (records[numberOf(field["recparentno"])] ?? null)
      return record === null ? (records[position] ?? null) : { ...record, isField: true }
    })
    const declared = data.flatMap((datum) => {
      const variable = fieldsOf(fieldsOf(datum)?.["PLpgSQL_var"])
      return variable === undefined ? [] : [{ name: textOf(variable["refname"]) ?? "", initial: variable["default_val"] }]
    })
    const names = declared.map(({ name }) => name)
    this.ambiguous = new Set(declared.filter(({ name, initial }) => initial !== undefined && names.indexOf(name) !== names.lastIndexOf(name)).map(({ name }) => name))
  }

  get(name: string): Constant | undefined {
    const value = this.ambiguous.has(name) ? undefined : this.values.get(name)
    if (value !== undefined) this.used = true
    return value
  }

  /** Gives the parameters the values of a call. */
  call(parameters: readonly { readonly name: string | null; readonly type: string }[], values: Arguments): void {
    for (const [position, { name, type }] of parameters.entries()) {
      const value = coerced(values[position] ?? null, type)
      // The NULL of an argument is not told from what is unknown.
      if (value === undefined || value === null) continue
      this.values.set(`$${String(position + 1)}`, value)
      if (name !== null) this.values.set(name, value)
    }
  }

  /** `name := expression` of the variable at that position. */
  assign(position: number, expression: string | undefined): void {
    const variable = this.variables[position]
    if (variable == null) return
    const isTold = expression !== undefined && !variable.isField && isPrinted(variable.type)
    this.hold(variable, isTold ? evaluate(expression, this) : undefined)
  }

  /** Puts a round's value into the variable at that position, or the columns of a row into the target of a loop. */
  bind(target: Fields, round: Constant): void {
    const row = fieldsOf(target["PLpgSQL_row"])
    const record = textOf(fieldsOf(target["PLpgSQL_rec"])?.["refname"])
    if (record !== undefined) this.values.set(record, round)
    if (row === undefined) return
    const columns = round instanceof Map ? [...(round as ReadonlyMap<string, Constant>).values()] : []
    for (const [position, field] of itemsOf(row["fields"]).entries()) {
      const variable = this.variables[numberOf(fieldsOf(field)?.["varno"])]
      if (variable != null) this.hold(variable, columns[position])
    }
  }

  /** The variable of FOREACH. */
  bindAt(position: number, element: Constant): void {
    const variable = this.variables[position]
    if (variable != null) this.hold(variable, element)
  }

  /** The variable of a loop over integers, which is its own. */
  bindName(name: string, integer: string): void {
    this.values.set(name, integer)
  }

  /** From here on it is not told what the variables hold that the statements assign to. */
  forgetAssigned(...statements: readonly unknown[]): void {
    for (const statement of statements) {
      for (const name of this.assignedIn(statement)) this.values.delete(name)
    }
  }

  private hold({ name, type, isField }: Variable, value: Constant | undefined): void {
    const held = value === undefined || isField ? undefined : coerced(value, type)
    if (held === undefined) this.values.delete(name)
    else this.values.set(name, held)
  }

  private *assignedIn(node: unknown): Generator<string> {
    if (Array.isArray(node)) {
      for (const item of node) yield* this.assignedIn(item)
      return
    }
    const fields = fieldsOf(node)
    if (fields === undefined) return
    for (const [kind, value] of Object.entries(fields)) {
      const inner = fieldsOf(value)
      // In statements, variables are named only to be assigned to; what reads them is text.
      if (kind === "PLpgSQL_rec" || kind === "PLpgSQL_var") yield textOf(inner?.["refname"]) ?? ""
      if (kind === "PLpgSQL_stmt_assign" || kind === "PLpgSQL_stmt_foreach_a") yield this.variables[numberOf(inner?.["varno"])]?.name ?? ""
      if (kind === "PLpgSQL_diag_item") yield this.variables[numberOf(inner?.["target"])]?.name ?? ""
      if (kind === "PLpgSQL_row") for (const field of itemsOf(inner?.["fields"])) yield this.variables[numberOf(fieldsOf(field)?.["varno"])]?.name ?? ""
      yield* this.assignedIn(value)
    }
  }
}

function variableOf(datum: Fields): Variable | null {
  const variable = fieldsOf(datum["PLpgSQL_var"])
  const record = fieldsOf(datum["PLpgSQL_rec"])
  const name = textOf((variable ?? record)?.["refname"])
  if (name === undefined) return null
  const type = fieldsOf(fieldsOf(variable?.["datatype"])?.["PLpgSQL_type"])?.["typname"]
  return { name, type: textOf(type)?.toLowerCase() ?? "", isField: false }
}

/** Numbers that are zero are left out of the tree. */
export function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0
}
