/** What an adapter says about one tool. One module in `frameworks/` is one adapter. */
import type { FrameworkId } from "./frameworks/index.ts"
import type { Written } from "./settings.ts"
import type { Direction, ProjectFiles, Role, Runner, StartingSession, Unit } from "./types.ts"

/** What a path says when it has the shape of a tool's migrations. */
export interface PathFacts {
  /** How many of the path's last parts lie inside the folder of migrations: 1 for `migrations/1_x.sql`. */
  readonly depth: number
  readonly direction: Direction
  /** What the tool sorts by. */
  readonly key: string
  readonly role?: Role
  /** See `MigrationFile.repeats`. */
  readonly repeats?: true
  /** Many tools have such names: it takes a marker file to tell this one. */
  readonly onlyMarked?: true
}

/** A file whose presence gives a tool away. */
export interface Marker {
  /** The name of a file or folder, or a path to one. */
  readonly file: string | RegExp
  /**
   * `here`: only in the folder of migrations. `above`: there or in a folder above it, nearest first. `beside`: in the
   * folder of the migration itself, for tools that give each one a folder.
   */
  readonly where: "here" | "above" | "beside"
  /** The file counts only if its text matches. */
  readonly contains?: RegExp
  /** It counts only for a folder of migrations whose path matches: the tool reads no other one. */
  readonly root?: RegExp
}

/** The file system with its answers remembered. */
export interface KnownFiles extends ProjectFiles {
  /** Whether a folder holds a file or folder of this name, which may be a path below the folder. */
  holds(folder: string, name: string): boolean
  /** What a file of settings says; nothing if there is none. */
  settings(path: string): readonly Written[]
  /** A folder and those above it, up to the top of the repository, or to the current folder if there is none. */
  above(folder: string): readonly string[]
}

/** Where the migrations of a project lie, for questions about its configuration. */
export interface Place {
  readonly files: KnownFiles
  /** The folder of migrations, absolute. */
  readonly root: string
  /** `root` and the folders above it, nearest first, up to the top of the repository. */
  readonly above: readonly string[]
}

/** What an adapter sees of a file when it cuts it into units. */
export interface UnitFile {
  readonly path: string
  readonly direction: Direction
}

/** What an order function sees of a file. */
export interface Sortable {
  /** Relative to the folder of migrations; absolute for what lies elsewhere. */
  readonly path: string
  readonly key: string
}

/**
 * How a tool sorts its files. `numeric`: by the value of the key's digits. `name`: by the key's UTF-16 code units.
 * `dotted`: by the parts of a version number. `natural`: runs of digits by value, the rest by code units. A function
 * reads the tool's own list (a journal, a plan, a changelog) and compares two files.
 */
export type Order =
  | "numeric"
  | "name"
  | "dotted"
  | "natural"
  | ((place: Place) => (left: Sortable, right: Sortable) => number)

/** The languages other than SQL that migrations are read in, never run. `changelog`: the XML, YAML and JSON of Liquibase. */
export type CodeLanguage = "javascript" | "ruby" | "python" | "elixir" | "csharp" | "php" | "changelog"

/** A list of migrations that the tool runs one after the other, wherever they lie. */
export interface MigrationList {
  /** The folder that it lies in. */
  readonly root: string
  /** The file that it is written in, as an absolute path. */
  readonly name: string
  /** Absolute paths. */
  readonly members: readonly string[]
  /** Files that members read and run, which do not run by themselves. */
  readonly isShared: (full: string) => boolean
  /** Members that run on other databases only. */
  readonly isForeign: (full: string) => boolean
}

/** Migrations that are written in a programming language. */
export interface CodeFacts {
  readonly language: CodeLanguage
  /** Looked for in the first 16 KiB: what the migrations of no other tool have; where no tool is known, what makes code a migration. */
  readonly sign: RegExp
  /** What in the code turns the transaction of its migration off. */
  readonly off?: RegExp
  /** One call with several statements is a pipeline of the extended protocol instead of one simple query. */
  readonly pipelines?: boolean
  /** What its schema builder makes is read, too, where the language is one of which other tools have only their raw SQL read. */
  readonly readsBuilder?: true
  /** How migrations are linted all the same, for tools whose schema builder is not read: a command that prints their SQL. */
  readonly toLint?: string
  /** How the tool runs the code, when its files of SQL are something else: scripts that it has printed. */
  readonly runner?: (place: Place) => Runner
  /** How it sorts the code, when that is not how it sorts SQL. */
  readonly order?: Order
}

/** An adapter: everything that is known about one tool. */
export interface Framework {
  readonly id: FrameworkId
  readonly name: string
  /** The page of the tool's documentation that the facts can be checked against. */
  readonly docs: string
  /** Where its users keep migrations by default, relative to the top of a project. */
  readonly folders: readonly string[]
  /**
   * What a path says; undefined when the tool would not take the file.
   *
   * @param name The last part of the path.
   * @param folders The parts before it, nearest first.
   */
  path(name: string, folders: readonly string[]): PathFacts | undefined
  /**
   * Where the project's settings have files called otherwise than `path` expects: what takes a name to the one that it would have by default.
   * Asked once a folder, which is the place's root.
   */
  usualName?(place: Place): ((name: string) => string) | undefined
  readonly markers: readonly Marker[]
  /** A line that only this tool's files have. */
  readonly content?: {
    readonly line: RegExp
    /** True when the tool refuses files without it, so that nothing else can tell the tool. */
    readonly required: boolean
  }
  /** Present when its migrations may be code; `path` then takes the names of such files, too. */
  readonly code?: CodeFacts
  /** The dump of the schema that it writes in its own language: what it is called, given the name of the folder of migrations, and what tells it. */
  readonly dump?: { name(folder: string): string; readonly sign: RegExp }
  /**
   * How far the shape of the path alone tells the tool: not at all, only in its default folders, or anywhere. `any`
   * takes what no other tool wants.
   */
  readonly shape: "ambiguous" | "in default folders" | "unmistakable" | "any"
  readonly order: Order
  /** How the tool runs the files, given what the project's configuration says. */
  runner(place: Place): Runner
  /** What the tool does to its session first, as far as the project's files say. */
  session?(place: Place): StartingSession | undefined
  /** Whether the project's configuration says that its database is not PostgreSQL. */
  isForeign?(place: Place): boolean
  /**
   * Which files of a folder never run on PostgreSQL because another one takes their place there. Asked once a folder.
   *
   * @param names The names of all files in the folder.
   */
  replaced?(names: readonly string[]): (name: string) => boolean
  /**
   * Which of several sequences of a folder a file of SQL belongs to; none of them has run what another holds.
   *
   * @param names The names of all files in the folder.
   */
  series?(name: string, names: readonly string[]): string
  /** The list that a file is on, for tools that run what lists name; undefined for a file on none. */
  list?(files: KnownFiles, full: string): MigrationList | undefined
  /** Names of migrations in languages that are not read; the first group is what the tool sorts by. */
  readonly unread?: RegExp
  /** Further folders in which such migrations lie, for the folder that holds the files of SQL. */
  readonly unreadFolders?: (root: string) => readonly string[]
  /** What a file is for, where its path alone does not tell; undefined for a migration. */
  role?(place: Place): (file: Sortable) => Role | undefined
  /** A second file that may turn off the transaction of a migration. */
  readonly sidecar?: {
    /** Its path, given the path of the migration. */
    path(migration: string): string
    /** Whether this text turns the transaction off. */
    off(text: string): boolean
  }
  /** The parts of a file; without it the whole file is one part. */
  units?(text: string, runner: Runner, file: UnitFile): readonly Unit[]
}
