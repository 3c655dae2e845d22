/** What the code of a migration imports from other files of its project. */
import { child, children, nameIn, pathOf, stringOf, textOf, unwrap, type Node } from "../embedded/node.ts"
import { parseCode } from "./parse.ts"
import { UNKNOWN } from "./sql-files.ts"
import { isFunction } from "./nodes.ts"
import { closed } from "./closed.ts"
import { createScope, propertyOf, type Callee, type Imports, type Scope } from "./scope.ts"

/** A file that code imports. */
export interface CodeModule {
  /** Tells files apart. */
  readonly path: string
  readonly source: string
}

/**
 * Finds the file that code means by `./shared/tables`.
 *
 * @param from the path of the file that imports it; null for the migration itself
 */
export type FindModule = (specifier: string, from: string | null) => CodeModule | null

/** The code of a migration and of what it imports, one behind the other: places behind the migration's end are in other files. */
export interface Sources {
  /** Grows as files are read. */
  readonly all: string
  /** The scope of the migration. */
  readonly scope: Scope
  /** Whether a place is in another file. */
  isElsewhere(offset: number): boolean
}

const MOST_MODULES = 20
const LONGEST = 200_000
const DEEPEST = 6

/** What a file exports under a name: an expression of it, and the names it is made of. */
interface Exported {
  readonly node: Node
  readonly scope: Scope
}

interface Module {
  readonly program: Node
  readonly path: string
  readonly scope: Scope
}

/** What a name of a file is bound to in another one. `*` stands for all that it exports. */
interface Binding {
  readonly specifier: string
  readonly name: string
}

/** @param find null when no other file is to be looked at */
export function createSources(program: Node, source: string, find: FindModule | null): Sources {
  const modules = new Map<string, Module | null>()
  let all = source

  const load = (specifier: string, from: string | null): Module | null => {
    if (find === null) return null
    const file = find(specifier, from)
    if (file === null || file.source.length > LONGEST) return null
    const known = modules.get(file.path)
    if (known !== undefined || modules.size >= MOST_MODULES) return known ?? null
    modules.set(file.path, null)
    const start = all.length + 1
    // Its places begin where it stands among the sources.
    const parsed = parseCode(" ".repeat(start) + file.source.replace(/^#!/, "//"))
    if (parsed === null) return null
    all = `${all}\n${file.source}`
    const outer = createScope(parsed, importsOf(parsed, file.path))
    // Its folder is not that of the migration.
    const scope = outer.inside([{ type: "Identifier", name: "__dirname" }], [{ type: "Literal", value: UNKNOWN }])
    const module = { program: parsed, path: file.path, scope }
    modules.set(file.path, module)
    return module
  }

  const exportOf = (specifier: string, from: string | null, name: string, depth: number): Exported | null => {
    const module = depth > DEEPEST ? null : load(specifier, from)
    if (module === null) return null
    const found = exportedBy(module.program, name)
    if (found?.from !== undefined) return exportOf(found.from.specifier, module.path, found.from.name, depth + 1)
    if (found !== null) return followed({ node: found.node, scope: module.scope }, module, depth)
    for (const other of reexportedBy(module.program)) {
      const again = exportOf(other, module.path, name, depth + 1)
      if (again !== null) return again
    }
    return null
  }

  /** A file may export what it has imported itself. */
  const followed = (exported: Exported, module: Module, depth: number): Exported | null => {
    const name = exported.node.type === "Identifier" ? textOf(exported.node, "name") : null
    const binding = name === null ? undefined : bindingsOf(module.program).get(name)
    return binding === undefined ? exported : exportOf(binding.specifier, module.path, binding.name, depth + 1)
  }

  /** All values that a file exports, as an object. */
  const everything = (specifier: string, from: string | null): Node | null => {
    const module = load(specifier, from)
    if (module === null) return null
    const properties = namesExportedBy(module.program).flatMap((name): Node[] => {
      const exported = exportOf(specifier, from, name, 0)
      const value = exported === null ? null : closedValue(exported)
      return value === null ? [] : [{ type: "Property", key: { type: "Identifier", name }, value }]
    })
    return { type: "ObjectExpression", properties }
  }

  const importsOf = (file: Node, path: string | null): Imports => {
    const bindings = find === null ? new Map<string, Binding>() : bindingsOf(file)
    const values = new Map<string, Node | null>()
    /** What `require` returns is what the file assigns to `module.exports`. */
    const exportedAs = (local: string): Exported | null => {
      const binding = bindings.get(local)
      return binding === undefined ? null : exportOf(binding.specifier, path, binding.name === "*" ? "default" : binding.name, 0)
    }
    const member = (local: string, name: string): Exported | null => {
      const binding = bindings.get(local)
      const direct = binding?.name === "*" ? exportOf(binding.specifier, path, name, 0) : null
      if (direct !== null) return direct
      const owner = exportedAs(local)
      const value = owner === null ? null : valueOf(owner)
      return owner === null || value === null ? null : memberOf({ ...owner, node: value }, name)
    }
    return {
      has: (name) => bindings.has(name),
      value(name) {
        if (values.has(name)) return values.get(name) ?? null
        // What leads back to itself has no value.
        values.set(name, null)
        const binding = bindings.get(name)
        const exported = exportedAs(name)
        const value = exported !== null ? closedValue(exported) : binding?.name === "*" ? everything(binding.specifier, path) : null
        values.set(name, value)
        return value
      },
      functionOf: (name) => calleeOf(exportedAs(name)),
      memberFunctionOf: (name, property) => calleeOf(member(name, property)),
      methodOf(name, method) {
        const found = exportedAs(name)?.scope.methodOf(method) ?? null
        return found === null ? null : { ...found, isElsewhere: true }
      },
    }
  }

  const scope = createScope(program, importsOf(program, null))
  return {
    get all() {
      return all
    },
    scope,
    isElsewhere: (offset) => offset > source.length,
  }
}

/** The value that an expression of another file has there. */
function valueOf({ node, scope }: Exported): Node | null {
  const inner = unwrap(node)
  return inner.type === "Identifier" ? scope.resolve(inner) : inner
}

/** A value with the names of its file replaced by what they stand for. */
function closedValue(exported: Exported): Node | null {
  const value = valueOf(exported)
  return value === null || isFunction(value) ? null : closed(value, exported.scope)
}

function calleeOf(exported: Exported | null): Callee | null {
  if (exported === null) return null
  const inner = unwrap(exported.node)
  if (isFunction(inner)) return { node: inner, scope: exported.scope, isElsewhere: true }
  const own = inner.type === "Identifier" ? exported.scope.functionOf(textOf(inner, "name") ?? "") : null
  return own === null ? null : { node: own.node, scope: own.isElsewhere ? own.scope : exported.scope, isElsewhere: true }
}

/** A property of an object, or a static member of a class. */
function memberOf({ node, scope }: Exported, name: string): Exported | null {
  const value = propertyOf(node, name)
  return value === null ? null : { node: value, scope }
}

/** The names that a file has from others. */
function bindingsOf(program: Node): ReadonlyMap<string, Binding> {
  const bindings = new Map<string, Binding>()
  for (const statement of children(program, "body")) {
    if (statement.type === "ImportDeclaration") {
      const specifier = stringOf(child(statement, "source"))
      if (specifier === null || statement["importKind"] === "type") continue
      for (const one of children(statement, "specifiers")) {
        const local = nameIn(one, "local")
        const name = one.type === "ImportNamespaceSpecifier" ? "*" : one.type === "ImportDefaultSpecifier" ? "default" : nameIn(one, "imported")
        if (local !== null && name !== null) bindings.set(local, { specifier, name })
      }
    }
    const declarators = statement.type === "VariableDeclaration" ? children(statement, "declarations") : []
    for (const declarator of declarators) {
      const [id, init] = [child(declarator, "id"), child(declarator, "init")]
      const required = init === null ? null : requiredBy(unwrap(init))
      if (id === null || required === null) continue
      const local = textOf(id, "name")
      if (local !== null) bindings.set(local, required)
      if (id.type !== "ObjectPattern" || required.name !== "*") continue
      for (const property of children(id, "properties")) {
        const [inner, name] = [nameIn(property, "value"), nameIn(property, "key")]
        if (inner !== null && name !== null) bindings.set(inner, { specifier: required.specifier, name })
      }
    }
  }
  return bindings
}

/** `require("./shared")`, `require("./shared").tables`. */
function requiredBy(init: Node): Binding | null {
  if (init.type === "MemberExpression") {
    const inner = child(init, "object")
    const required = inner === null ? null : requiredBy(unwrap(inner))
    const name = nameIn(init, "property")
    return required?.name !== "*" || name === null || init["computed"] === true ? null : { specifier: required.specifier, name }
  }
  const callee = init.type === "CallExpression" ? child(init, "callee") : null
  const specifier = callee !== null && pathOf(callee) === "require" ? stringOf(children(init, "arguments")[0] ?? null) : null
  return specifier === null ? null : { specifier, name: "*" }
}

/** What a file exports under a name: an expression, or what it hands on from another file. */
function exportedBy(program: Node, wanted: string): { readonly node: Node; readonly from?: undefined } | { readonly from: Binding } | null {
  for (const statement of children(program, "body")) {
    if (statement.type === "ExportDefaultDeclaration" && wanted === "default") return expression(nameOrSelf(child(statement, "declaration")))
    if (statement.type === "ExportNamedDeclaration") {
      const specifier = stringOf(child(statement, "source"))
      for (const one of children(statement, "specifiers")) {
        if (nameIn(one, "exported") !== wanted) continue
        const name = nameIn(one, "local")
        return specifier === null || name === null ? expression(child(one, "local")) : { from: { specifier, name } }
      }
      const declared = child(statement, "declaration")
      const ids = declared === null ? [] : declared.type === "VariableDeclaration" ? children(declared, "declarations") : [declared]
      for (const one of ids) {
        const id = child(one, "id")
        if (id !== null && textOf(id, "name") === wanted) return { node: id }
      }
    }
    const assigned = statement.type === "ExpressionStatement" ? child(statement, "expression") : null
    if (assigned?.type !== "AssignmentExpression") continue
    const [path, value] = [pathOf(child(assigned, "left")), child(assigned, "right")]
    if (value === null || path === null) continue
    if (path === `exports.${wanted}` || path === `module.exports.${wanted}`) return { node: value }
    if (path !== "module.exports") continue
    const object = unwrap(value)
    if (wanted === "default") return { node: object }
    const member = propertyOf(object, wanted)
    if (member !== null) return { node: member }
  }
  return null
}

function expression(node: Node | null): { readonly node: Node } | null {
  return node === null ? null : { node }
}

/** Without those of `export *`. */
function namesExportedBy(program: Node): readonly string[] {
  return children(program, "body").flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration") return []
    const declared = child(statement, "declaration")
    const ids = declared === null ? [] : declared.type === "VariableDeclaration" ? children(declared, "declarations") : [declared]
    return [...children(statement, "specifiers").map((one) => nameIn(one, "exported")), ...ids.map((one) => nameIn(one, "id"))].filter((name) => name !== null)
  })
}

/** A declaration is spoken of by its name. */
function nameOrSelf(declared: Node | null): Node | null {
  return declared === null ? null : (child(declared, "id") ?? declared)
}

/** The files all of whose exports a file hands on, by `export *` or by spreading what it requires into `module.exports`. */
function reexportedBy(program: Node): readonly string[] {
  return children(program, "body").flatMap((statement) => {
    const specifier = statement.type === "ExportAllDeclaration" && child(statement, "exported") === null ? stringOf(child(statement, "source")) : null
    if (specifier !== null) return [specifier]
    const assigned = statement.type === "ExpressionStatement" ? child(statement, "expression") : null
    const value = assigned?.type === "AssignmentExpression" && pathOf(child(assigned, "left")) === "module.exports" ? child(assigned, "right") : null
    return (value === null ? [] : children(unwrap(value), "properties")).flatMap((property) => {
      const spread = property.type === "SpreadElement" ? child(property, "argument") : null
      const required = spread === null ? null : requiredBy(unwrap(spread))
      return required?.name === "*" ? [required.specifier] : []
    })
  })
}
