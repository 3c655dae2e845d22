/** Settings of applications on Spring and Quarkus, which run their migrations themselves. */
import type { Place } from "./framework.ts"
import type { Written } from "./settings.ts"

const FILE = /^application(?:-(?!.*test)[\w-]+)?\.(?:properties|ya?ml)$/i

/** The given files of a folder, and those of applications for all profiles but tests. */
export function withProfiles({ files }: Place, names: readonly string[]): (folder: string) => readonly string[] {
  return (folder) => [...names, ...files.list(folder).flatMap(({ name }) => (FILE.test(name) ? [name] : []))]
}

/** A document of Spring that holds for some profiles only. Source: the manual of Spring Boot, "Activation Properties". */
const ON_PROFILE = /^spring\.(?:config\.activate\.onprofile|profiles)$/

/** Quarkus puts the profiles in front: `%prod.quarkus.flyway.schemas`. Source: its "Configuration Reference Guide", "Profiles". */
const IN_FRONT = /^%([\w,]+)\./

/** What holds when tests and development do not run, for all other profiles together. */
export function outsideTests(settings: readonly Written[]): readonly Written[] {
  const ofTests = new Set(settings.flatMap(({ document, key, value }) => (ON_PROFILE.test(key) && /^[^!]*test/i.test(value) ? [document] : [])))
  return settings.flatMap((one) => {
    const profiles = IN_FRONT.exec(one.key)?.[1]?.split(",") ?? []
    const isTried = profiles.length > 0 && profiles.every((name) => name === "dev" || name === "test")
    return ofTests.has(one.document) || isTried ? [] : [{ ...one, key: one.key.replace(IN_FRONT, "") }]
  })
}
