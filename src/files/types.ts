/**
 * What the `files` stage says about the migrations of a repository: which tool runs them, in which order, and in which
 * transaction. Everything here is plain data that can be handed to a worker thread.
 */
import type { Span } from "../source/span.ts"
import type { FrameworkId } from "./frameworks/index.ts"
import type { LoadFormats } from "./settings.ts"

export type { FrameworkId } from "./frameworks/index.ts"

/**
 * The transaction that a tool opens by itself.
 *
 * - `none`: it opens none.
 * - `file`, `section`, `changeset`: one for each of these.
 * - `all pending`: a single one for all files that are not applied yet, so a lock lasts until the last of them is done.
 * - `unknown`: no tool was recognized, so nobody can tell.
 */
export type Wrap = "none" | "file" | "section" | "changeset" | "all pending" | "unknown"

/**
 * How a tool hands SQL to the server.
 *
 * - `split`: one message for each statement.
 * - `one message`: a whole unit in one simple query. Two statements or more make an implicit transaction.
 * - `per call`: one message for a call of an API, or for a chunk of a file, which is the unit.
 * - `calls`: the unit has several calls, each of which is a message.
 * - `pipeline`: the extended protocol with a single Sync at the end, which is an implicit transaction too.
 * - `psql`: as psql does, statement by statement.
 */
export type Send = "split" | "one message" | "per call" | "calls" | "pipeline" | "psql"

/** Which way a migration goes: `up` applies it, `down` reverts it, `both` is in one file or section. */
export type Direction = "up" | "down" | "both"

/** How a user turns the transaction of one migration off. */
export type OffSwitch =
  | {
      /** `directive`: a comment in the file. `sidecar`: a second file beside it. `config`: a setting for every run. */
      readonly kind: "directive" | "sidecar" | "config"
      /** The exact text and place, as the end of a sentence: "add `-- +goose NO TRANSACTION` as the first line". */
      readonly how: string
      /** The text to write: a directive, the content of the sidecar file, or the setting. */
      readonly text: string
      /** True when the unit still travels in one message, so that only a one-statement file is helped. */
      readonly oneStatementOnly: boolean
      /** Where a directive is written. */
      readonly place?: DirectivePlace
    }
  | { readonly kind: "none"; readonly how: string }

/** How a directive gets into a file, as data. */
export interface DirectivePlace {
  /** What `after` is matched on: the text of the file, or that of the unit. */
  readonly within: "file" | "unit"
  /** Matches what the directive is put behind, from the start on; possibly nothing. */
  readonly after: RegExp
  /** What is put there, line ends and blanks included. */
  readonly insert: string
  /** The tool takes no other line ends for it, also where those of the file are others. */
  readonly exact?: true
  /** A form without effect, which has to give way; without it the whole line gives way. */
  readonly flawed?: RegExp
}

/** Statements that a tool finds by itself and runs outside its transaction. */
export interface SelfDetection {
  /** Each is tested on the text of one statement, without leading comments. */
  readonly patterns: readonly RegExp[]
  /**
   * - `pure file`: a file of nothing but such statements runs without a transaction; a mixed file is refused.
   * - `whole file`: one such statement makes the whole file run without a transaction.
   * - `statement alone`: each runs by itself, and the statements before and after it are separate transactions.
   * - `after commit`: each is put off until the transaction of the other statements is committed.
   */
  readonly effect: "pure file" | "whole file" | "statement alone" | "after commit"
  readonly why: string
}

/** Statements that make a tool send the whole unit in another way. */
export interface SendFallback {
  /** Each is tested on the text of one statement, without leading comments. */
  readonly patterns: readonly RegExp[]
  readonly send: Send
  /** A whole sentence without its period; `{statement}` stands for the first words of the statement. */
  readonly why: string
}

/** What unqualified names mean when a session begins. */
export interface StartingPath {
  /** As a list that the server has taken apart: unquoted names, and `$user`. */
  readonly schemas: readonly string[]
  /** Nobody knows what comes behind them: the server's own search_path, or that of a connection string which is not in sight. */
  readonly open: boolean
  /** It is a parameter of the connection: RESET returns to it. */
  readonly ofConnection: boolean
}

/** What is done to a session before the first migration. */
export interface StartingSession {
  /** Null: whatever the server has for the role and the database. */
  readonly searchPath: StartingPath | null
  /** Schemas that the tool makes where they are missing. */
  readonly makes: readonly string[]
  /** What says so: "flyway.conf:3". */
  readonly evidence: string
}

/** The tool that runs the migrations of a project: the transaction and the session that it gives them. */
export interface Runner {
  readonly framework: FrameworkId
  /** What people call it: "golang-migrate". */
  readonly name: string
  readonly wrap: Wrap
  readonly send: Send
  /** The version that was found, when the answer depends on it: "7.4.2". */
  readonly version?: string
  /** A whole sentence without its period: "drizzle-kit migrate runs all pending files in one transaction". */
  readonly why: string
  readonly offSwitch: OffSwitch
  readonly detects?: SelfDetection
  readonly fallback?: SendFallback
  /** The tool is not known, but where the files lie tells that those with a number in front run one after the other. */
  readonly numbered?: true
  /** Present when something tells how its sessions begin. */
  readonly session?: StartingSession
  /** What the project's settings say of the calls in all migrations, as they write it. */
  readonly migrationSettings?: string
  /** Its calls write the type of a column with whatever they change of it, also where it stays. */
  readonly restatesTypes?: true
  /** A whole statement that it takes for blanks, although the server does not. */
  readonly leavesOut?: RegExp
  /** Relations that migrations in other folders change, which the tool runs in between. */
  readonly changedElsewhere?: readonly string[]
  /** Where the project gives its sessions a lock_timeout: "config/database.yml:4". */
  readonly lockTimeout?: string
  /** Why a migration cannot turn its transaction off in the settings that were found, as a clause. */
  readonly refusesSwitch?: string
}

/** A comment that is meant to change the transaction of its unit. */
export interface Directive {
  /** As written, without the line end. */
  readonly text: string
  /** 1-based line in the file. */
  readonly line: number
  readonly span: Span
  readonly effective: boolean
  /** Why it has no effect, as a clause: "it is not followed by a blank line". Present when `effective` is false. */
  readonly reason?: string
}

/**
 * A part of a file that the tool handles as one: a section, a changeset, a chunk, or the whole file. The tool does not
 * run text that is in no unit.
 */
export interface Unit {
  /** UTF-16 offsets into the text of the file; the marker lines belong to the unit they open. */
  readonly start: number
  readonly end: number
  readonly direction: Direction
  /** The unit's own name, when it has one: a changeset's `author:id`. */
  readonly name?: string
  readonly wrap: Wrap
  readonly send: Send
  /** Why it runs in this transaction, a whole sentence without its period. */
  readonly why: string
  readonly directive?: Directive
  /** How its own transaction is turned off, where not all of the tool's files say it in the same way. */
  readonly offSwitch?: UnitSwitch
}

/** How the transaction of one part of a file is turned off. */
export interface UnitSwitch {
  /** As in `OffSwitch`. */
  readonly how: string
  /** Where the text is put in. */
  readonly at: number
  readonly text: string
}

/** What a file is for. Only a `migration` is linted. */
export type Role =
  | "migration"
  /** The output of pg_dump or a squashed schema that the tool only loads into new databases. */
  | "dump"
  /** Runs only to check something: `verify/` of Sqitch. */
  | "verify"
  /** Included by other files, never run by itself. */
  | "shared"
  /** Written for another database, such as MySQL: its path or its tool says so. */
  | "foreign"
  /** Written for another database, as the text of it and of its neighbours tells. */
  | "dialect"
  /** Not in the list that the tool keeps of its migrations: it does not run. */
  | "unlisted"
  /** A migration in a language that is not read: nobody knows what it does. */
  | "unread"
  /** Does not run between the migrations: on other occasions, or never, as its own settings say. */
  | "aside"

/** One file of a project. */
export interface MigrationFile {
  /** As the caller gave it. */
  readonly path: string
  readonly direction: Direction
  readonly role: Role
  /** What the tool sorts by, in words that a person recognizes: "20240102030405". */
  readonly key: string
  /** Set when a second file turns the transaction off: the path of that file. */
  readonly sidecar?: string
  /** It runs behind all versions, and again whenever its text has changed. */
  readonly repeats?: true
  /** False for an earlier or later migration of the project that the caller did not ask for. */
  readonly requested: boolean
}

/** Migrations that one tool runs in one sequence. */
export interface Project {
  /** The folder that holds the migrations, with `/` between the parts. */
  readonly root: string
  /** `root` and the folders above it, nearest first, up to the top of the repository. */
  readonly above: readonly string[]
  readonly framework: FrameworkId
  /** The evidence, as the end of "recognized by": "drizzle/meta/_journal.json". */
  readonly evidence: string
  readonly runner: Runner
  /** In the tool's own order. */
  readonly files: readonly MigrationFile[]
}

/** What is asked of the detection. */
export interface DetectOptions {
  /** Take this framework for every file, whatever the files look like. */
  readonly framework?: FrameworkId
  /** True: every file runs in a transaction of its own. False: the tool opens no transaction. */
  readonly transaction?: boolean
  /** The search_path with which every session begins, whatever the files say. */
  readonly searchPath?: readonly string[]
  /** List the project's other migrations too, with `requested: false`. */
  readonly history?: boolean
}

/** The file system as far as detection needs it. Paths use `/`; a relative path is relative to `cwd`. */
export interface ProjectFiles {
  /** An absolute path with `/` between the parts. */
  readonly cwd: string
  /** What is in a folder, in no particular order; nothing if there is no such folder or it cannot be read. */
  list(folder: string): readonly Entry[]
  /** Whether there is a file or folder with this path. */
  exists(path: string): boolean
  /** The text of a file, a byte order mark included; undefined if it is missing or cannot be read. */
  read(path: string): string | undefined
  /** At most the first 16 KiB of a file; undefined if it is missing or cannot be read. */
  head(path: string): string | undefined
  /** What reads YAML, TOML and XML. Without it nothing is known of settings and changelogs in these formats. */
  readonly formats?: LoadFormats
}

/** A file or folder in a folder. */
export interface Entry {
  readonly name: string
  readonly folder: boolean
  /** It is a symbolic link, and `folder` speaks of what that leads to. */
  readonly linked?: true
}
