import { writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { locksPage, referenceModule } from "./reference.ts"

// Writes docs/locks.md and the data behind `pgsafe locks`.

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..")
await writeFile(join(root, "docs", "locks.md"), locksPage())
await writeFile(join(root, "src", "effects", "reference-rows.ts"), referenceModule())
