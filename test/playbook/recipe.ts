import type { Operation } from "../../src/parse/operation.ts"
import type { RecipeContext, Step } from "../../src/playbook/index.ts"
import * as playbook from "../../src/playbook/index.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"
import { createCatalog } from "../../src/schema/index.ts"

loadGrammar()

/** A migration, and what the database holds before it. */
export interface Situation {
  /** SQL whose statements pgsafe has read; empty when it has seen nothing. */
  readonly schema: string
  readonly migration: string
  readonly pgVersion: number
}

/** The migration's operations and the context that a rule would hand to a recipe. */
function read({ schema, migration, pgVersion }: Situation): { operations: Operation[]; context: RecipeContext } {
  const catalog = createCatalog({ complete: schema !== "", pgVersion })
  const history = parseFile(schema)
  if (history.errors.length > 0) throw new Error(`the schema does not parse: ${history.errors[0]?.message ?? ""}`)
  history.statements.forEach((statement, position) => {
    const origin = { file: "schema.sql", span: statement.span, deploy: 0, transaction: position }
    catalog.apply(statement, origin, (span) => schema.slice(span.start, span.end))
  })
  const { statements, errors } = parseFile(migration)
  if (errors.length > 0) throw new Error(`the migration does not parse: ${errors[0]?.message ?? ""}`)
  return {
    operations: statements.flatMap((statement) => [...statement.operations]),
    context: { catalog, pgVersion, text: (span) => migration.slice(span.start, span.end) },
  }
}

/** The recipe for the migration's only operation, its changes of types or its new columns, chosen as the rules choose it. */
export function stepsFor(situation: Situation): Step[] {
  const { operations, context } = read(situation)
  const changes = operations.filter((operation) => operation.op === "alter column type")
  const additions = operations.filter((operation) => operation.op === "add column")
  const [operation] = changes.length > 0 ? changes : operations
  if (operation === undefined) throw new Error("no operation")
  if (operation.op === "alter column type") return playbook.changeColumnTypes({ table: operation.relation, columns: changes }, context)
  if (operation.op === "add column") return playbook.addColumns({ table: operation.relation, columns: additions.map(({ column }) => column) }, context)
  return recipeFor(operation, context)
}

function recipeFor(operation: Operation, context: RecipeContext): Step[] {
  switch (operation.op) {
    case "create index":
      return playbook.createIndex(operation, context)
    case "drop":
      return operation.kind === "index"
        ? playbook.dropIndex(operation, context)
        : playbook.dropRelations(operation, context)
    case "reindex":
      return playbook.reindex(operation, context)
    case "rename column":
      return playbook.renameColumn(
        { ...operation, table: operation.relation },
        context,
      )
    case "rename relation":
      return playbook.renameRelation(operation, context)
    case "set schema":
      return playbook.setSchema(operation, context)
    case "rename enum value":
      return playbook.renameEnumValue(operation, context)
    case "update":
      return playbook.batchUpdate(operation, context)
    case "delete":
      return playbook.batchDelete(operation, context)
    case "set expression":
      return playbook.setExpression(operation, context)
    case "set not null":
      return playbook.setNotNull({ table: operation.relation, columns: [operation.column] }, context)
    case "add constraint":
      return playbook.addConstraint({ table: operation.relation, constraint: operation.constraint }, context)
    case "alter constraint":
      return playbook.enforceConstraint({ table: operation.relation, constraint: operation.constraint }, context)
    case "validate constraint":
      return playbook.validateLater({ table: operation.relation, constraint: operation.constraint }, context)
    case "drop column":
      return playbook.dropColumns({ table: operation.relation, only: operation.only, columns: [operation] }, context)
    case "vacuum":
      return playbook.repackTable({ command: "VACUUM FULL", table: operation.tables[0] ?? null, index: null }, context)
    case "set tablespace": {
      const { relation, tablespace } = operation
      return operation.keyword === "index"
        ? playbook.moveIndex({ index: relation, tablespace }, context)
        : playbook.repackTable({ command: "SET TABLESPACE", table: relation, index: null, tablespace }, context)
    }
    case "cluster":
      return playbook.repackTable({ command: "CLUSTER", table: operation.table, index: operation.index }, context)
    case "attach partition":
      return playbook.attachPartition({ ...operation, parent: operation.relation }, context)
    case "detach partition":
      return playbook.detachPartition({ parent: operation.relation, partition: operation.partition }, context)
    case "create table": {
      const [, ...keys] = [...operation.columns, operation].flatMap(({ constraints }) => constraints).filter((one) => one.kind === "foreign key")
      return keys.length > 0 ? playbook.createWithoutKeys({ operation, keys }, context) : playbook.createPartition(operation, context)
    }
    case "refresh materialized view":
      return playbook.refreshMaterializedView(operation, context)
    case "truncate":
      return playbook.truncate(operation, context)
    case "alter domain":
      return playbook.addDomainConstraint(operation, context)
    default:
      throw new Error(`no recipe for ${operation.op}`)
  }
}
