/** Finds the modules of a project in Python. */
import type { PythonModule, PythonModules } from "../code/index.ts"
import { join } from "../files/paths.ts"
import type { Project, ProjectFiles } from "../files/types.ts"

const known = new WeakMap<ProjectFiles, Map<string, PythonModules>>()

/** The modules that migrations may import: those below the folders above them. */
export function pythonModules({ root, above }: Pick<Project, "root" | "above">, files: ProjectFiles): PythonModules {
  const all = known.get(files) ?? new Map<string, PythonModules>()
  known.set(files, all)
  const folders = above.flatMap((folder) => [folder, join(folder, "src")])
  const modules = all.get(root) ?? { module: (name) => moduleIn(folders, name, files) }
  all.set(root, modules)
  return modules
}

/** @param folders In the order in which they are looked into. */
export function moduleIn(folders: readonly string[], name: string, files: ProjectFiles): PythonModule | null {
  if (!/^\w+(?:\.\w+)*$/.test(name)) return null
  const path = name.replaceAll(".", "/")
  for (const folder of folders) {
    for (const [file, isPackage] of [[`${path}.py`, false], [`${path}/__init__.py`, true]] as const) {
      const source = files.read(join(folder, file))
      if (source !== undefined) return { source, isPackage }
    }
  }
  return null
}
