#!/usr/bin/env bash
# The step of action.yml: lints the migrations that a pull request or a push changes. Its inputs are environment variables.
set -euo pipefail

# Patterns and options are lists of words, which may stand on several lines.
read -r -d '' -a patterns <<< "$PATHS" || true
read -r -d '' -a options <<< "$ARGS" || true

# GitHub checks out a pull request as its merge into the base, which may have moved on since the event: what was merged is the first
# parent. The commit names its parents, also where a shallow clone does not have them.
if [ -n "$PULL" ]; then
  commit=$(git cat-file commit HEAD) || exit 2
  read -r -d '' -a parents <<< "$(sed -n '/^$/q; s/^parent //p' <<< "$commit")" || true
  if [ "${parents[1]-}" = "$PULL" ]; then BASE=${parents[0]}; fi
fi

if [ "$ALL" = true ] || [[ ! "$BASE" =~ [1-9a-f] ]]; then
  list=(git ls-files -z -- "${patterns[@]}")
else
  # A checkout of one commit does not have the other end of the comparison.
  if ! git cat-file -e "$BASE^{commit}" 2>/dev/null && ! git fetch --quiet --depth=1 origin "$BASE"; then
    echo "pgsafe: git cannot fetch $BASE, with which to compare; set the input all to true to lint all files" >&2
    exit 2
  fi
  list=(git diff --name-only -z --diff-filter=d "$BASE" HEAD -- "${patterns[@]}")
fi
listed=$(mktemp)
trap 'rm -f "$listed"' EXIT
# Without an answer from git nobody knows whether anything changed.
"${list[@]}" > "$listed" || exit 2
files=()
while IFS= read -r -d '' file; do files+=("$file"); done < "$listed"
if [ ${#files[@]} -eq 0 ]; then
  echo "pgsafe: no migration changed"
  exit 0
fi

if [ -n "$VERSION" ]; then
  pgsafe=(npx --yes "pgsafe@$VERSION")
else
  [ -f "$ACTION/dist/cli.cjs" ] || npm --prefix "$ACTION" ci --no-audit --no-fund > /dev/null
  pgsafe=(node "$ACTION/dist/cli.cjs")
fi
"${pgsafe[@]}" lint ${options[@]+"${options[@]}"} -- "${files[@]}"
