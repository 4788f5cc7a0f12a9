#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A kernel of which three functions are called otherwise than the catalogue has it (tests/vm/renamed-kernel) comes to the
# same verdicts as without that, and what is told from there is shown as new. DEVTLB_KERNELS says of which series.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

read -ra series <<<"${DEVTLB_KERNELS:-6.12}"
mapfile -t names < <(tests/vm/renamed-kernel --names)
plan $((${#series[@]} * (3 + 3 * ${#names[@]})))

# runs FILTER: of the runs in $result, those for which it is true, a line each.
runs()
{
	jq -r ".scenarios[] | .name as \$name | .runs[] | select($1) | \"\(\$name) \(.kind): \(.reason)\"" <<<"$result"
}

for kernel in "${series[@]}"; do
	tree=$(tests/vm/renamed-kernel "$kernel") || exit 2
	result=$(tests/vm/run --kernel "$tree" --timeout 2000 -- devtlb test --quick --json --timeout 400)
	row "$kernel renamed: devtlb test --quick exits 0" [ $? -eq 0 ]
	failed=$(runs '.verdict == "fail" or .verdict == "broken"')
	row "$kernel ... nothing fails, clean or armed" [ -n "$result" -a -z "$failed" ]
	runs '.verdict == "fail" or .verdict == "broken" or .verdict == "skip"' | sed 's/^/# /'
	row "$kernel ... most scenarios ran" [ "$(jq '.passed' <<<"$result")" -ge 80 ]
	for name in "${names[@]}"; do
		read -r old new <<<"$name"
		row "$kernel ... nothing comes from $old" \
			[ "$(jq "[.. | .chain? // empty | select(test(\"\\\\b$old\\\\b\"))] | length" <<<"$result")" -eq 0 ]
		row "$kernel ... what comes from $new is new" \
			[ "$(jq "[.coverage.new[] | select(.chain | test(\"\\\\b$new\\\\b\"))] | length" <<<"$result")" -gt 0 ]
		row "$kernel ... and it is said that it is not told from $old" \
			[ "$(jq "[.scenarios[].runs[].elsewhere[]? | select(test(\"\\\\b$old\\\\b\"))] | length" <<<"$result")" -gt 0 ]
	done
done
