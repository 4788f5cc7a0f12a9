#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The mutation score, on real kernels: every mutant is killed, or it is known why not. And without its detectors the
# module would not have killed them. DEVTLB_KERNELS says which kernels: series of Debian's. DEVTLB_SCENARIOS says which
# scenarios: by default those that a mutant of the device needs, and a few of each kind; "all" takes an hour.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# shellcheck source-path=SCRIPTDIR source=module-copy
. tests/module-copy

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
read -ra defects < <(./devtlb list --mutants --json |
	python3 -c 'import json, sys; print(*[m["name"] for m in json.load(sys.stdin) if m["of"] == "device"])')
read -ra scenarios <<<"${DEVTLB_SCENARIOS:-$(./devtlb list --mutants --json | jq -r '[.[]."found-by"[]?.scenario] | unique | join(" ")') \
	collapse-shmem hugetlb-share-migrate ksm lazyfree numa-migrate pageout thp-cow thp-migrate uffd-wp writeback}"
[[ ${scenarios[*]} != all ]] || scenarios=()
# Each edge at each of them is for those who have an hour; edges() has one scenario that has them all.
kinds=(--kinds 'drop,late,trim')
[[ -z ${DEVTLB_SCENARIOS-} ]] || kinds=()
# scenarios.t has page_poison: a page is either poisoned or zeroed when it is freed.
poison="init_on_free=1 slub_debug=FZ panic_on_warn=1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Those that a munmap() of all shapes has.
edges=(first-page last-page beyond-table drop:max=1 drop:min=65 drop:every=3 drop:only={writable,shared,pte-mapped})

plan $((${#kernels[@]} * (6 + ${#defects[@]} + ${#edges[@]}) + 3))

# in_guest KERNEL OPTION... -- COMMAND...: leaves its output in $output and its status in $status.
in_guest()
{
	local kernel=$1

	shift
	output=$(tests/vm/run --kernel "$kernel" --append "$poison" --timeout 5400 "$@" 2>&1)
	status=$?
}

score()
{
	local defect

	in_guest "$1" -- devtlb mutate "${kinds[@]}" "${scenarios[@]}"
	row "$1 devtlb mutate exits 0 and the guest stays healthy" [ "$status" -eq 0 ]
	grep '^killed' <<<"$output" | sed "s/^/# $1: /"
	says '^killed [1-9][0-9]* of [0-9]+ mutants, [0-9]+ redundant, [0-9]+ explained, 0 unexplained' "$1 ... each survivor has a reason"
	says 'median: rule A 1, rule B 1, rule C 1, rule D 1$' "$1 ... each rule finds at the first operation, in the median"
	# Seed 001: what may not wait for the end of the range, and what may.
	says '^  cow +B.* +B +- +load-bearing, must be in time' "$1 ... COW has to notify in time"
	says 'load-bearing, may be late|redundant: covered by' "$1 ... and something else has not"
	for defect in "${defects[@]}"; do
		says "^ +$defect .* killed\$" "$1 ... a device with the defect $defect is found out"
	done
}

edges()
{
	local edge

	in_guest "$1" -- devtlb mutate --kinds edge shapes-munmap
	row "$1 devtlb mutate --kinds edge exits 0" [ "$status" -eq 0 ]
	for edge in "${edges[@]}"; do
		says "^    [ABCD][ABCD ]* .*$edge( |\$)" "$1 ... a device that does not hear of this edge is found out: $edge"
	done
}

# A score that cannot be bad says nothing.
without_detectors()
{
	copy_module "$work"
	output=$(make_copy "$work" "${kernels[0]}" WITHOUT_RULES="A B C D" 2>&1)
	row "a module without detectors builds" [ -e "$work/devtlb.ko" ]
	in_guest "${kernels[0]}" --module "$work/devtlb.ko" -- devtlb mutate munmap mremap
	row "without detectors devtlb mutate exits 1" [ "$status" -eq 1 ]
	# Whatever had an excuse there would need no detector to have it.
	says '^killed 0 of [1-9][0-9]* mutants, 0 redundant, 0 explained, [1-9][0-9]* unexplained' "... and has no excuse for what lives"
}

for kernel in "${kernels[@]}"; do
	score "$kernel"
	edges "$kernel"
done
without_detectors
