/** What the names of a migration's code stand for. */
import { child, children, isNode, stringOf, textOf, unwrap, type Node } from "../embedded/node.ts"
import { closed } from "./closed.ts"
import { resultOf } from "./result.ts"
import { assignmentsOf, changeOf, type Change } from "./assignments.ts"
import { childrenOf, isFunction, SKIPPED } from "./nodes.ts"

/** What a name of a function's own is bound to: a value in sight, the object that changes the schema, or nothing known. */
type Binding = Node | "receiver" | null

/** A function, and what names stand for in it. */
export interface Callee {
  readonly node: Node
  readonly scope: Scope
  /** In a file that the migration imports. */
  readonly isElsewhere: boolean
}

/** What the names of a file stand for that come from other files. */
export interface Imports {
  has(name: string): boolean
  value(name: string): Node | null
  functionOf(name: string): Callee | null
  memberFunctionOf(name: string, property: string): Callee | null
  /** A method of a class that is imported under a name, or of those which that class extends. */
  methodOf(name: string, method: string): Callee | null
}

export interface Scope {
  /** The value of a name, or of a call of a function in sight; null when it is not in sight. */
  resolve(node: Node): Node | null
  /** Whether a name stands for what the tool hands to a migration. */
  isReceiver(name: string): boolean
  /** A function of the file, or one that it imports. */
  functionOf(name: string): Callee | null
  /** A function that an object or a class of the file holds, or one that it imports: `helpers.audit`. */
  memberFunctionOf(name: string, property: string): Callee | null
  /** A method of the class round the migration, also one that it inherits from a class of another file. */
  methodOf(name: string): Callee | null
  /** Only one that it inherits from a class of another file. */
  inheritedOf(method: string): Callee | null
  /** The scope inside of a function: its parameters hide what was outside. */
  inside(parameters: readonly Node[], values: readonly Binding[]): Scope
  /** Takes down a variable of the function that is being read. */
  declare(pattern: Node, value: Node | null): void
  /** Takes down what an assignment or `list.push(...)` makes of a variable of the function, where all of them run one after the other. */
  assign(node: Node): void
  /** A value as it is to be read elsewhere: with names of this scope replaced by what they stand for. */
  closed(node: Node): Binding
}

/** Variables that nobody assigns to, functions, classes and enumerations of the file that are declared only once under their name. */
export function createScope(program: Node, imports: Imports = NO_IMPORTS): Scope {
  const { assigned, inOrder } = assignmentsOf(program)
  const bases: string[] = []
  const values = new Map<string, Node | null>()
  const functions = new Map<string, Node | null>()
  const methods = new Map<string, Node | null>()
  const declare = (into: Map<string, Node | null>, name: string | null, node: Node | null): void => {
    if (name !== null) into.set(name, into.has(name) ? null : node)
  }
  const visit = (node: Node): void => {
    if (node.type === "VariableDeclaration") {
      for (const declarator of children(node, "declarations")) {
        const id = child(declarator, "id")
        const init = child(declarator, "init")
        const name = id?.type === "Identifier" ? textOf(id, "name") : null
        const value = init === null ? null : unwrap(init)
        if (isFunction(value)) declare(functions, name, value)
        if (value === null || !isRequire(value)) declare(values, name, name !== null && assigned.has(name) ? null : value)
      }
    } else if (node.type === "FunctionDeclaration") {
      declare(functions, nameOf(node), node)
    } else if (node.type === "MethodDefinition") {
      const key = child(node, "key")
      declare(methods, key === null ? null : textOf(key, "name"), child(node, "value"))
    } else if (node.type === "PropertyDefinition") {
      const key = child(node, "key")
      const value = child(node, "value")
      const name = key === null ? null : textOf(key, "name")
      if (isFunction(value)) declare(methods, name, value)
      else if (name !== null) declare(values, `this.${name}`, value)
    } else if (node.type === "TSEnumDeclaration" || node.type === "ClassDeclaration") {
      declare(values, nameOf(node), node)
    }
    const base = node.type === "ClassDeclaration" || node.type === "ClassExpression" ? child(node, "superClass") : null
    if (base?.type === "Identifier") bases.push(textOf(base, "name") ?? "")
    for (const inner of childrenOf(node)) visit(inner)
  }
  visit(program)
  // A name that is declared once more stands for one or the other.
  const isImported = (name: string): boolean => imports.has(name) && !values.has(name) && !functions.has(name) && !assigned.has(name)
  const value = (name: string): Node | null => (isImported(name) ? imports.value(name) : imports.has(name) ? null : (values.get(name) ?? null))
  return scopeOf(new Map(), {
    value,
    isAssigned: (name) => assigned.has(name),
    isInOrder: (name) => inOrder.has(name),
    functionOf(name, scope) {
      if (isImported(name)) return imports.functionOf(name)
      const node = functions.get(name)
      return node === undefined || node === null || imports.has(name) ? null : { node, scope, isElsewhere: false }
    },
    memberFunctionOf(name, property, scope) {
      if (isImported(name)) return imports.memberFunctionOf(name, property)
      const object = value(name)
      const node = object === null ? null : propertyOf(object, property)
      return isFunction(node) ? { node, scope, isElsewhere: false } : null
    },
    methodOf(name, scope) {
      const node = methods.get(name)
      return node === undefined || node === null ? null : { node, scope, isElsewhere: false }
    },
    inheritedOf: (method) => bases.map((base) => (isImported(base) ? imports.methodOf(base, method) : null)).find((found) => found !== null) ?? null,
  })
}

const NO_IMPORTS: Imports = { has: () => false, value: () => null, functionOf: () => null, memberFunctionOf: () => null, methodOf: () => null }

/** `require("./shared")`, of which the imports tell. */
function isRequire(value: Node): boolean {
  if (value.type === "MemberExpression") return isRequire(unwrap(child(value, "object") ?? { type: "" }))
  const callee = value.type === "CallExpression" ? child(value, "callee") : null
  return callee !== null && textOf(callee, "name") === "require" && stringOf(children(value, "arguments")[0] ?? null) !== null
}

interface File {
  value(name: string): Node | null
  isAssigned(name: string): boolean
  isInOrder(name: string): boolean
  functionOf(name: string, scope: Scope): Callee | null
  memberFunctionOf(name: string, property: string, scope: Scope): Callee | null
  methodOf(name: string, scope: Scope): Callee | null
  inheritedOf(method: string): Callee | null
}

function scopeOf(own: Map<string, Binding>, file: File): Scope {
  const resolve = (node: Node): Node | null => {
    if (node.type === "CallExpression") return resultIn(node, scope)
    const name = textOf(node, "name") ?? ""
    if (!own.has(name)) return file.value(name)
    const bound = own.get(name)
    return bound === "receiver" || bound === undefined ? null : bound
  }
  const scope: Scope = {
    resolve,
    isReceiver: (name) => own.get(name) === "receiver",
    functionOf: (name) => (own.has(name) ? null : file.functionOf(name, scope)),
    memberFunctionOf: (name, property) => (own.has(name) ? null : file.memberFunctionOf(name, property, scope)),
    methodOf: (name) => file.methodOf(name, scope) ?? file.inheritedOf(name),
    inheritedOf: (method) => file.inheritedOf(method),
    inside(parameters, values) {
      const names = new Map(own)
      for (const [index, parameter] of parameters.entries()) bind(names, parameter, values[index] ?? null, scope)
      return scopeOf(names, file)
    },
    declare(pattern, value) {
      const name = textOf(pattern, "name")
      const isKnown = value !== null && (name === null || !file.isAssigned(name) || file.isInOrder(name))
      bind(own, pattern, isKnown ? scope.closed(value) : null, scope)
    },
    assign(node) {
      const change = changeOf(node)
      const bound = change === null || !file.isInOrder(change.name) ? undefined : own.get(change.name)
      if (change !== null && bound !== undefined && bound !== "receiver") own.set(change.name, bound === null ? null : changed(bound, change, scope))
    },
    closed(node) {
      const inner = unwrap(node)
      const name = inner.type === "Identifier" ? textOf(inner, "name") : null
      if (name !== null && own.get(name) === "receiver") return "receiver"
      return substitute(inner, own)
    },
  }
  return scope
}

/** What a call returns, as it is to be read where the call stands. */
function resultIn(call: Node, scope: Scope): Node | null {
  const result = resultOf(call, scope)
  if (result === null) return null
  // Names of another file mean nothing here.
  const value = result.isElsewhere ? closed(result.node, result.scope) : result.scope.closed(result.node)
  return value === "receiver" ? null : value
}

/** What a variable holds after a change, as far as its value was in sight. */
function changed(value: Node, { operator, given }: Change, scope: Scope): Binding {
  const [first] = given.map((node) => scope.closed(node))
  switch (operator) {
    case "=":
      return first ?? null
    case "+=":
      return isBound(first ?? null) ? { type: "BinaryExpression", operator: "+", left: value, right: first, start: value["start"], end: value["end"] } : null
    case "push": {
      const added = given.map((node) => scope.closed(node))
      return value.type === "ArrayExpression" && added.every(isBound) ? { ...value, elements: [...elementsOf(value), ...added] } : null
    }
  }
}

/** Binds a parameter, or the variables of a loop, taking patterns apart as far as the value is in sight. */
function bind(names: Map<string, Binding>, parameter: Node, value: Binding, scope: Scope): void {
  const pattern = parameter.type === "TSParameterProperty" ? (child(parameter, "parameter") ?? parameter) : parameter
  switch (pattern.type) {
    case "Identifier": {
      const name = textOf(pattern, "name")
      if (name !== null) names.set(name, value)
      return
    }
    case "AssignmentPattern": {
      const left = child(pattern, "left")
      const right = child(pattern, "right")
      if (left !== null) bind(names, left, value ?? (right === null ? null : scope.closed(right)), scope)
      return
    }
    case "RestElement": {
      const argument = child(pattern, "argument")
      if (argument !== null) bind(names, argument, null, scope)
      return
    }
    case "ArrayPattern": {
      const elements = isBound(value) && value.type === "ArrayExpression" ? elementsOf(value) : []
      for (const [index, element] of elementsOf(pattern).entries()) {
        if (element !== null) bind(names, element, elements[index] ?? null, scope)
      }
      return
    }
    case "ObjectPattern":
      for (const property of children(pattern, "properties")) {
        const key = child(property, "key")
        const target = child(property, "value") ?? (property.type === "RestElement" ? child(property, "argument") : null)
        const name = key === null ? null : (textOf(key, "name") ?? stringOf(key))
        if (target === null) continue
        // Umzug hands the receiver over as `context`, MikroORM's and others' objects hold it under other names.
        bind(names, target, value === "receiver" ? (name === "context" ? "receiver" : null) : isBound(value) && name !== null ? propertyOf(value, name) : null, scope)
      }
      return
    default:
  }
}

function isBound(value: Binding): value is Node {
  return value !== null && value !== "receiver"
}

function elementsOf(node: Node): readonly (Node | null)[] {
  const elements: unknown = node["elements"]
  return Array.isArray(elements) ? elements.map((element: unknown) => (isNode(element) ? element : null)) : []
}

/** The value of an object's property, of a static member of a class, or of a member of an enumeration. */
export function propertyOf(object: Node, name: string): Node | null {
  if (object.type === "ClassDeclaration") {
    const members = children(child(object, "body") ?? object, "body").filter((one) => one["static"] === true && one["computed"] !== true)
    const member = members.find((one) => textOf(child(one, "key") ?? one, "name") === name)
    return member === undefined ? null : child(member, "value")
  }
  if (object.type === "TSEnumDeclaration") {
    const member = children(object, "members").find((one) => {
      const id = child(one, "id")
      return id !== null && (textOf(id, "name") ?? stringOf(id)) === name
    })
    return member === undefined ? null : child(member, "initializer")
  }
  if (object.type !== "ObjectExpression") return null
  let found: Node | null = null
  for (const property of children(object, "properties")) {
    const key = child(property, "key")
    // What is spread, or computed, may hold any property.
    if (key === null || property["computed"] === true) return null
    if ((textOf(key, "name") ?? stringOf(key)) === name) found = child(property, "value")
  }
  return found
}

/** A copy of a tree in which names are replaced; the tree itself when it has none of them. */
export function substitute(node: Node, names: ReadonlyMap<string, Binding>): Node {
  if (names.size === 0) return node
  if (node.type === "Identifier") {
    const name = textOf(node, "name") ?? ""
    if (!names.has(name)) return node
    const bound = names.get(name)
    return bound === undefined || bound === null || bound === "receiver" ? { ...node, name: "" } : bound
  }
  let copy: Record<string, unknown> | null = null
  for (const [key, value] of Object.entries(node)) {
    if (SKIPPED.has(key) || ((key === "property" || key === "key") && node["computed"] !== true) || (key === "id" && node.type === "TSEnumMember")) continue
    const replaced: unknown = Array.isArray(value)
      ? value.map((item: unknown) => (isNode(item) ? substitute(item, names) : item))
      : isNode(value)
        ? substitute(value, names)
        : value
    const changed = Array.isArray(value) && Array.isArray(replaced) ? replaced.some((item: unknown, index) => item !== value[index]) : replaced !== value
    if (changed) copy = { ...(copy ?? node), [key]: replaced }
  }
  return copy === null ? node : { ...copy, type: node.type }
}

function nameOf(node: Node): string | null {
  const id = child(node, "id")
  return id === null ? null : textOf(id, "name")
}
