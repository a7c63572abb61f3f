#!/usr/bin/env bash
# Puts a built site onto the branch gh-pages. Two runs may publish at once: whoever is second starts over.
set -euo pipefail
dist=$1

if [[ "${2:-}" != once ]]; then
  for pause in 5 10 0; do
    if bash "$0" "$dist" once; then exit 0; fi
    sleep "$pause"
  done
  exit 1
fi

git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"

rm -rf site
git worktree prune
if git fetch --quiet origin gh-pages; then
  git worktree add --quiet --detach site FETCH_HEAD
else
  git worktree add --quiet --detach --no-checkout site
  git branch --quiet -D gh-pages 2>/dev/null || true
  git -C site checkout --quiet --orphan gh-pages
  git -C site rm -rq --cached . || true
fi
# Pages that are open, and scripts that browsers keep for ten minutes, still ask for the last publish's assets.
touch site/assets.txt
ls "$dist/assets" > assets.txt
find site -mindepth 1 -maxdepth 1 ! -name .git ! -name assets ! -name assets.txt ! -name 'v*' -exec rm -rf {} +
for file in site/assets/*; do
  grep -qxF "$(basename "$file")" assets.txt site/assets.txt || rm -f "$file"
done
cp -R "$dist/." site/
mv assets.txt site/assets.txt
touch site/.nojekyll
if [[ "${GITHUB_REF:-}" == refs/tags/v* ]]; then
  test ! -e "site/$GITHUB_REF_NAME" || { echo "$GITHUB_REF_NAME is published already."; exit 1; }
  mkdir "site/$GITHUB_REF_NAME"
  cp -R "$dist/." "site/$GITHUB_REF_NAME/"
fi
git -C site add --all
git -C site diff --cached --quiet || git -C site commit --quiet --message "Publish ${GITHUB_SHA:-by hand}"
git -C site push --quiet origin HEAD:gh-pages
