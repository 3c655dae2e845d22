import type { Operation } from "../operation.ts"
import type { NodeKind } from "./nodes.ts"
import type { Context } from "./context.ts"
import type { Tokens } from "../../source/tokens.ts"
import { TokenKind, tokenText } from "../../source/tokens.ts"
import { tokensOf } from "./context.ts"

/** A command without effect on relations, by its command words. */
export function other(context: Context, command: string): Operation {
  return { op: "other", span: context.span, command }
}

/** Commands whose words follow from their node alone. */
const COMMANDS: Partial<Record<NodeKind, string>> = {
  AlterSystemStmt: "alter system",
  CheckPointStmt: "checkpoint",
  ClosePortalStmt: "close",
  CreateCastStmt: "create cast",
  CreateConversionStmt: "create conversion",
  CreateTransformStmt: "create transform",
  CreateTableSpaceStmt: "create tablespace",
  CreateRoleStmt: "create role",
  CreateUserMappingStmt: "create user mapping",
  CreateForeignServerStmt: "create server",
  CreateFdwStmt: "create foreign data wrapper",
  CreateEventTrigStmt: "create event trigger",
  CreateAmStmt: "create access method",
  CreatePLangStmt: "create language",
  CreateOpClassStmt: "create operator class",
  CreateOpFamilyStmt: "create operator family",
  CreatedbStmt: "create database",
  DeclareCursorStmt: "declare",
  DropOwnedStmt: "drop owned",
  DropRoleStmt: "drop role",
  DropUserMappingStmt: "drop user mapping",
  FetchStmt: "fetch",
  ImportForeignSchemaStmt: "import foreign schema",
  ListenStmt: "listen",
  LoadStmt: "load",
  NotifyStmt: "notify",
  ReassignOwnedStmt: "reassign owned",
  UnlistenStmt: "unlisten",
  AlterDefaultPrivilegesStmt: "alter default privileges",
  AlterOperatorStmt: "alter operator",
  AlterOpFamilyStmt: "alter operator family",
  AlterRoleStmt: "alter role",
  AlterRoleSetStmt: "alter role",
  AlterUserMappingStmt: "alter user mapping",
  AlterForeignServerStmt: "alter server",
  AlterFdwStmt: "alter foreign data wrapper",
  AlterEventTrigStmt: "alter event trigger",
  AlterTableSpaceOptionsStmt: "alter tablespace",
  AlterTSConfigurationStmt: "alter text search configuration",
  AlterTSDictionaryStmt: "alter text search dictionary",
  AlterExtensionStmt: "alter extension",
  AlterExtensionContentsStmt: "alter extension",
  AlterCollationStmt: "alter collation",
  AlterTypeStmt: "alter type",
  AlterSubscriptionStmt: "alter subscription",
  GrantRoleStmt: "grant role",
}

/** Words that, with the next one, make up the name of a command's object. */
const OBJECT_WORDS: Readonly<Record<string, number>> = {
  access: 2,
  event: 2,
  foreign: 2,
  "foreign data": 3,
  large: 2,
  materialized: 2,
  operator: 1,
  "operator class": 2,
  "operator family": 2,
  text: 3,
  user: 1,
  "user mapping": 2,
}

/** The command of a node that needs no operation of its own: by its kind, else by the statement's first words. */
export function simpleOther(context: Context, kind: NodeKind | undefined): Operation {
  const known = kind === undefined ? undefined : COMMANDS[kind]
  return other(context, known ?? commandWords(tokensOf(context)))
}

function commandWords(tokens: Tokens): string {
  const verb = word(tokens, 0)
  if (verb !== "create" && verb !== "alter" && verb !== "drop") return verb
  let at = 1
  while (word(tokens, at) === "or" || word(tokens, at) === "replace" || word(tokens, at) === "trusted") at++
  while (word(tokens, at) === "procedural" || word(tokens, at) === "default") at++
  const first = word(tokens, at)
  const second = `${first} ${word(tokens, at + 1)}`
  const count = OBJECT_WORDS[second] ?? OBJECT_WORDS[first] ?? 1
  let command = verb
  for (let i = at; i < at + count; i++) command += ` ${word(tokens, i)}`
  return command
}

function word(tokens: Tokens, index: number): string {
  return tokens.kinds[index] === TokenKind.word ? tokenText(tokens, index).toLowerCase() : ""
}
