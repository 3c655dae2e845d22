import { basename } from "node:path"
import { fileURLToPath } from "node:url"

/** The name of the bundle's file, which has a hash of the code in it. */
export const BUILD = basename(fileURLToPath(import.meta.url))

/** Sources that run without being bundled may change under the same name, so that nothing may be kept of what they do. */
export const isBundled = BUILD.endsWith(".cjs")
