/** Reads the SQL of a migration written in JavaScript or TypeScript, without running it. */
import { createScript, createTargets, findTexts, type FoundText, type Script } from "../embedded/index.ts"
import { child, children, isNode, pathOf, textOf, type Node } from "../embedded/node.ts"
import { Unknown, type Call, type Emitted } from "./call.ts"
import { knex } from "./knex.ts"
import { NODE_PG_MIGRATE_METHODS, nodePgMigrate } from "./node-pg-migrate.ts"
import { toText } from "./pieces.ts"
import { sequelize } from "./sequelize.ts"
import { typeorm } from "./typeorm.ts"
import { constantsOf, placeOf } from "./values.ts"

export interface CodeScript {
  readonly script: Script
  /** Where calls stand whose SQL the code does not tell: dynamic names, loops, options that are not understood. */
  readonly unread: readonly { readonly start: number; readonly end: number }[]
}

interface Builder {
  /** The receiver of calls that change the schema. */
  readonly receiver: RegExp
  /** Methods that change a schema, whether they are understood or not. */
  readonly changes: RegExp
  emit(call: Call): Emitted
}

/** By the name of the tool's runner. */
const BUILDERS: Readonly<Record<string, Builder>> = {
  Knex: {
    receiver: /(?:^|\.)schema(?:\.withSchema\(\))?(?:\.\w+\(\))*$/,
    changes: /^(?:(?:alter|drop|rename)\w*|table)$/,
    emit: knex,
  },
  "node-pg-migrate": {
    receiver: /^pgm$/,
    changes: new RegExp(`^(?:${NODE_PG_MIGRATE_METHODS.join("|")}|(?:add|alter|drop|rename)[A-Z]\\w*)$`),
    emit: nodePgMigrate,
  },
  Sequelize: { receiver: /(?:^|\.)queryInterface$/, changes: /^(?:add|remove|rename|change|drop)[A-Z]\w*$/, emit: sequelize },
  TypeORM: {
    receiver: /(?:^|\.)queryRunner$/,
    changes: /^(?:add|drop|change|rename|create(?!Table|Database|Schema|QueryBuilder))[A-Z]?\w*$/,
    emit: typeorm,
  },
}

/** @param tool The name of the tool's runner. */
export function readCode(program: Node, source: string, tool: string): CodeScript {
  const resolve = constantsOf(program)
  const found = findTexts(program, { source, resolve, targets: createTargets() })
  const built = builtTexts(program, BUILDERS[tool], resolve)
  const texts = [...found.texts, ...built.texts].filter(({ down }) => !down)
  texts.sort((left, right) => left.text.from - right.text.from)
  const script = createScript({ texts, tables: found.tables })
  const unparsable = script.unparsable.map(({ found: { text } }) => ({ start: text.from, end: text.to }))
  return { script, unread: [...built.unread, ...unparsable] }
}

function builtTexts(program: Node, builder: Builder | undefined, resolve: Call["resolve"]) {
  const texts: FoundText[] = []
  const unread: CodeScript["unread"][number][] = []
  const visit = (node: Node, down: boolean, loop: boolean): void => {
    const reverts = down || isDown(node)
    const repeats = loop || /^(?:For|While|DoWhile)/.test(node.type)
    const call = node.type === "CallExpression" && builder !== undefined ? callOf(node, builder, resolve) : null
    if (call !== null && builder !== undefined && !reverts) {
      const emitted = repeats ? null : attempt(() => builder.emit(call))
      const { from, to } = placeOf(node)
      if (emitted === null) unread.push({ start: from, end: to })
      for (const pieces of emitted ?? []) texts.push({ text: toText(pieces, node), explicit: true, down: false })
    }
    // The callback of an understood call has been read with it; a chain goes on through the callee.
    const inner = call === null ? Object.entries(node) : [["callee", node["callee"]] as const]
    for (const [key, value] of inner) {
      if (key === "parent" || key === "loc" || key === "range") continue
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) visit(item, reverts, repeats)
      } else if (isNode(value)) visit(value, reverts, repeats)
    }
  }
  visit(program, false, false)
  return { texts, unread }
}

function callOf(node: Node, { receiver, changes }: Builder, resolve: Call["resolve"]): Call | null {
  const callee = child(node, "callee")
  const property = callee?.type === "MemberExpression" ? child(callee, "property") : null
  const method = property === null ? null : textOf(property, "name")
  const path = callee === null ? null : pathOf(child(callee, "object"))
  if (method === null || path === null || !receiver.test(path) || !changes.test(method)) return null
  return { method, node, arguments: children(node, "arguments"), resolve }
}

function attempt(emit: () => Emitted): Emitted {
  try {
    return emit()
  } catch (error) {
    if (error instanceof Unknown) return null
    throw error
  }
}

/** A function or method that reverts the migration. */
function isDown(node: Node): boolean {
  const key = child(node, "key") ?? child(node, "id")
  if (key !== null && textOf(key, "name") === "down") return true
  const left = node.type === "AssignmentExpression" ? pathOf(child(node, "left")) : null
  return left !== null && left.endsWith("exports.down")
}
