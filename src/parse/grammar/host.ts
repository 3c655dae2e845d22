/**
 * A minimal host for the WASM build of PostgreSQL's grammar: it gives the 25 functions that the module imports and
 * names the exports. The one-letter names are those of the pinned build (see `pinned.ts`).
 *
 * PostgreSQL reports an error with `longjmp`. The module turns that into an exception thrown by the host, caught by the
 * `invoke` trampolines, which unwind the WASM stack and set a flag that the compiled code looks at.
 */

/** The exports of one instance, in our words. Pointers are byte offsets into `memory`. */
export interface GrammarExports {
  readonly memory: WebAssembly.Memory
  /** Returns a pointer to `{ tree, stderr, error }`, to be given to `freeParseResult`. */
  readonly parseQuery: (sql: number) => number
  readonly freeParseResult: (result: number) => void
  /** Returns a string, to be given to `freeString`: a JSON object, or an error message. */
  readonly parsePlPgSql: (sql: number) => number
  readonly freeString: (text: number) => void
  readonly malloc: (size: number) => number
  readonly free: (pointer: number) => void
}

/** What the trampolines catch; everything else that is thrown leaves the instance unusable. */
const LONGJMP = Symbol("longjmp")

/** The build's own limit on its memory, in bytes. */
const MAX_MEMORY = 1_073_741_824
const PAGE = 65_536

/** Instantiates the grammar. Throws when the module is not the pinned build. */
export function instantiate(module: WebAssembly.Module): GrammarExports {
  // The imports close over exports that are bound further down; nothing calls them before.
  const functions: ((...args: unknown[]) => unknown)[] = []

  const callee = (index: number): ((...args: unknown[]) => unknown) => (functions[index] ??= table.get(index))
  const unwind = (stack: number, thrown: unknown): void => {
    stackRestore(stack)
    if (thrown !== LONGJMP) throw thrown
    setThrew(1, 0)
  }
  const invoke = (index: number, ...args: unknown[]): unknown => {
    const stack = stackSave()
    try {
      return callee(index)(...args)
    } catch (thrown) {
      return unwind(stack, thrown)
    }
  }
  const invokeLong = (index: number, argument: number): unknown => invoke(index, argument) ?? 0n

  const abort = (): never => {
    throw new WebAssembly.RuntimeError("the grammar aborted")
  }
  const exit = (): never => {
    throw new WebAssembly.RuntimeError("the grammar ran out of memory")
  }
  const longjmp = (): never => {
    // A longjmp is control flow, so a symbol is thrown: building an Error with its stack trace would be waste.
    throw LONGJMP
  }
  const resizeHeap = (requested: number): boolean => {
    const wanted = requested >>> 0
    if (wanted > MAX_MEMORY) return false
    const have = memory.buffer.byteLength
    const target = Math.min(MAX_MEMORY, Math.max(wanted, have * 1.2))
    try {
      memory.grow(Math.ceil((target - have) / PAGE))
      return true
    } catch {
      return false
    }
  }
  // Diagnostics are dropped: errors come back as data. The module must be told that every byte was written.
  const write = (_file: number, vectors: number, count: number, written: number): number => {
    const view = new DataView(memory.buffer)
    let total = 0
    for (let i = 0; i < count; i++) total += view.getUint32(vectors + i * 8 + 4, true)
    view.setUint32(written, total, true)
    return 0
  }
  const nothing = (): number => 0

  const instance = new WebAssembly.Instance(module, {
    a: {
      a: invoke,
      b: invoke,
      c: abort, // __assert_fail
      d: invoke,
      e: invoke,
      f: invoke,
      g: invoke,
      h: invoke,
      i: invoke,
      j: invoke,
      k: invoke,
      l: invokeLong, // the only trampoline whose result is an i64
      m: exit,
      n: invoke,
      o: nothing, // setitimer
      p: longjmp,
      q: resizeHeap,
      r: nothing, // fd_read
      s: nothing, // fd_seek
      t: write,
      u: nothing, // fd_close
      v: exit, // proc_exit
      w: nothing, // runtime_keepalive_clear
      x: abort,
      y: invoke,
    },
  })

  const exported = (name: string): unknown => {
    const value = instance.exports[name]
    if (value === undefined) throw new Error(`The grammar module has no export "${name}": it is not the pinned build.`)
    return value
  }
  // The module's exports are untyped; the pinned build vouches for these shapes.
  const memory = exported("z") as WebAssembly.Memory
  const table = exported("D") as WebAssembly.Table
  const setThrew = exported("P") as (threw: number, value: number) => void
  const stackRestore = exported("Q") as (pointer: number) => void
  const stackSave = exported("R") as () => number
  const initialize = exported("A") as () => void
  initialize()
  return {
    memory,
    parseQuery: exported("F") as GrammarExports["parseQuery"],
    freeParseResult: exported("G") as GrammarExports["freeParseResult"],
    parsePlPgSql: exported("H") as GrammarExports["parsePlPgSql"],
    freeString: exported("N") as GrammarExports["freeString"],
    malloc: exported("C") as GrammarExports["malloc"],
    free: exported("E") as GrammarExports["free"],
  }
}
