#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The page-walk cache: with "drop:only=tables" the device hears of pages and not of page tables, so that only what
# looks at tables can find anything. Nothing of the pages is wrong then: each finding is of a table.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# As in lifecycle.t.
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"

# A table is put aside, for a large page; moved to another address, of each level; let go to whom it is shared with
# (CVE-2025-38085): it is not freed, so rule A is silent.
detached=(collapse khugepaged hugetlb-share-munmap hugetlb-share-split hugetlb-share-mprotect hugetlb-share-userfaultfd
	mremap-pmd mremap-pud)
# It is freed, in the end.
freed=(tables collapse-table collapse-shmem khugepaged-shmem)
# No table goes.
unchanged=(cow dontneed fork migrate mprotect munmap)

# finds SCENARIO REGEXP NAME: of that scenario each finding matches, and there is one.
finds()
{
	local said

	said=$(sed -n "/^== $1\$/,/^== end/p" <<<"$output")
	if grep -q "^FINDING" <<<"$said" && ! grep "^FINDING" <<<"$said" | grep -qvE "$2"; then
		ok "$3"
	else
		not_ok "$3" "$said"
	fi
}

# finds_nothing SCENARIO NAME
finds_nothing()
{
	local said

	said=$(sed -n "/^== $1\$/,/^== end/p" <<<"$output")
	if grep -qE "^$1 +ok " <<<"$said"; then ok "$2"; else not_ok "$2" "$said"; fi
}

plan $((${#kernels[@]} * (${#detached[@]} + ${#freed[@]} + ${#unchanged[@]} + 1)))
for kernel in "${kernels[@]}"; do
	# shellcheck disable=SC2016
	output=$(tests/vm/run --kernel "$kernel" --timeout 500 -- sh -c '
		for scenario in "$@"; do
			echo "== $scenario"
			devtlb test --mutant drop:only=tables "$scenario"
			echo "== end"
		done' sh "${detached[@]}" "${freed[@]}" "${unchanged[@]}" 2>&1)
	status=$?
	for scenario in "${detached[@]}"; do
		finds "$scenario" "rule D: the page-walk cache holds a page-table page" \
			"$kernel $scenario: a table that is not there any more, which no other rule sees"
	done
	for scenario in "${freed[@]}"; do
		finds "$scenario" "the page-walk cache h(eld it|olds a page-table page)" \
			"$kernel $scenario: a table that is freed"
	done
	for scenario in "${unchanged[@]}"; do
		finds_nothing "$scenario" "$kernel $scenario: no table goes, and nothing is found"
	done
	row "$kernel the guest stays healthy" [ "$status" -le 1 ]
done
