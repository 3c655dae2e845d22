import type { RoleSpec } from "@pgsql/types"

const SPECIAL_ROLES: Readonly<Record<string, string>> = {
  ROLESPEC_CURRENT_ROLE: "current_role",
  ROLESPEC_CURRENT_USER: "current_user",
  ROLESPEC_SESSION_USER: "session_user",
  ROLESPEC_PUBLIC: "public",
}

/** A role's name; the special ones by their keyword. */
export function roleName(role: RoleSpec | undefined): string {
  return role?.rolename ?? SPECIAL_ROLES[role?.roletype ?? ""] ?? ""
}
