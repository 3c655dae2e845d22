import { install } from "./install.ts"
import { serverPackage, type Major } from "./versions.ts"

/**
 * Why a major's server cannot be asked here; null when it can. Without a package for this platform there is nothing to ask; without
 * a network, only a build server must complain.
 */
export async function whyMissing(major: Major): Promise<string | null> {
  const there = serverPackage(major)
  if ("missing" in there) return there.missing
  try {
    await install(major)
    return null
  } catch (error) {
    if (process.env["CI"] !== undefined || !(error instanceof Error)) throw error
    return error.message
  }
}
