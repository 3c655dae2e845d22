/** Paints text for a terminal, or returns it as it is. */
export type Colors = Readonly<Record<keyof typeof CODES, (text: string) => string>>

/** The numbers that switch a colour or style on and off (ECMA-48, "Select graphic rendition"). */
const CODES = { bold: [1, 22], dim: [2, 22], green: [32, 39], red: [31, 39], yellow: [33, 39] } as const

/** Ours instead of a library's: those ask `process.stdout` as soon as they are loaded, which takes milliseconds to set up. */
export function createColors(enabled: boolean): Colors {
  const painter = ([on, off]: readonly [number, number]): ((text: string) => string) => {
    if (!enabled) return (text) => text
    const [open, close] = [`\u001b[${String(on)}m`, `\u001b[${String(off)}m`]
    // What is painted inside ends with the same code.
    return (text) => open + text.replaceAll(close, close + open) + close
  }
  return { bold: painter(CODES.bold), dim: painter(CODES.dim), green: painter(CODES.green), red: painter(CODES.red), yellow: painter(CODES.yellow) }
}
