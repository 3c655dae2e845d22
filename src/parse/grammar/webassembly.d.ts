/**
 * The few declarations of the WebAssembly JavaScript interface that the grammar host uses. They are global in every
 * host but only TypeScript's browser library declares them, and the engine is not compiled against a browser.
 */
declare namespace WebAssembly {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- that is how the interface is defined
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, (...args: never[]) => unknown>>)
    readonly exports: Record<string, unknown>
  }
  class RuntimeError extends Error {}
  interface Memory {
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  interface Table {
    get(index: number): (...args: unknown[]) => unknown
  }
}
