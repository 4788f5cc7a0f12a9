#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The module on kernels with KASAN and lockdep (tests/vm/kasan.config): all quick scenarios, clean and armed, and
# whatever ends, whenever. What such a kernel reports breaks its guest. And it does report: a module that is broken on
# purpose breaks its guest, too. DEVTLB_KERNELS says which series.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# As in lifecycle.t.
export DEVTLB_TCG=single
# Each of them costs such a kernel a second.
export DEVTLB_CYCLES=50

read -ra series <<<"${DEVTLB_KERNELS:-6.1 6.12}"
mapfile -t quick < <(./devtlb list --json | jq -r '.[] | select(.slow | not).name')
# docs/findings.md, L1: a report about the kernel itself, whatever the module does.
kernels_own=hugetlb-share-split
# Of a tmpfs this 6.1 collapses nothing on demand (EINVAL), and the scenario needs that.
without_collapse=collapse-shmem-other

# scenarios_of SERIES: those that can run there without a report of its own.
scenarios_of()
{
	if [[ $1 == 6.1 ]]; then
		printf '%s\n' "${quick[@]}" | grep -vx -e "$kernels_own" -e "$without_collapse"
	else
		printf '%s\n' "${quick[@]}"
	fi
}

rows_of_lifecycle=$(awk -F= '/^rows_of_(lifecycle|script)=/ { n += $2 } END { print n + 1 }' tests/lifecycle.t)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

planned=0
for kernel in "${series[@]}"; do
	planned=$((planned + 2 * $(scenarios_of "$kernel" | wc -l) + 2 + rows_of_lifecycle + 4))
done
# The report of 6.1's own.
[[ " ${series[*]} " != *' 6.1 '* ]] || planned=$((planned + 1))
plan "$planned"

# breaks KERNEL WHAT REPORT NAME: a guest in which broken.ko does WHAT breaks, and says why.
breaks()
{
	output=$(tests/vm/run --kernel "$1" --timeout 200 --module "$work/$1/broken.ko" -- \
		sh -c "echo $2 >/sys/module/broken/parameters/now; exit 0" 2>&1)
	status=$?
	if [[ $status -eq 125 ]] && head -n 1 <<<"$output" | grep -qE "the guest broke: $3"; then
		ok "$1 would have reported: $4"
	else
		not_ok "$1 would have reported: $4" "status $status, output:" "$output"
	fi
}

reports()
{
	local tree log

	mkdir "$work/$1"
	cp tests/vm/broken/{Kbuild,broken.c} "$work/$1"
	tree=$(tests/vm/kasan-kernel "${1%-kasan}") && log=$(make -s -C "$tree" M="$work/$1" modules 2>&1)
	row "$1 the module that is broken on purpose builds" [ -e "$work/$1/broken.ko" ]
	[[ -e $work/$1/broken.ko ]] || printf '%s\n' "${log-}" | sed 's/^/# /'
	breaks "$1" use-after-free 'BUG: KASAN: (slab-)?use-after-free in ' "memory that is used after it was freed"
	breaks "$1" sleep-under-lock 'BUG: sleeping function called from invalid context' "a sleep under a raw spinlock"
	breaks "$1" lock-order 'WARNING: possible circular locking dependency detected' "two locks that are taken in either order"
}

# The report is the kernel's: the row fails when it does not come any more, and then the scenario belongs to the others.
own_report()
{
	output=$(tests/vm/run --kernel "$1" --timeout 400 -- devtlb test --quick $kernels_own 2>&1)
	says 'the guest broke: WARNING: CPU: .* at hugetlb_split\+' "$1 the defect L1 is reported: page tables are unshared without the lock"
}

# These kernels lack options that Debian's have, and a skip is to ask for those, not for a Linux that is there.
skips_for_age()
{
	sed -n 's/.* # SKIP .*(Linux \([0-9.]*\)).*/\1/p' <<<"$output" | while read -r asked; do
		[[ $(printf '%s\n' "$asked" "${1%-kasan}" | sort -V | head -n 1) != "$asked" ]] || echo "Linux $asked"
	done
}

for kernel in "${series[@]/%/-kasan}"; do
	mapfile -t scenarios < <(scenarios_of "${kernel%-kasan}")
	[[ $kernel != 6.1-kasan ]] || own_report "$kernel"
	output=$(tests/vm/run --kernel "$kernel" --timeout 2000 -- devtlb test --quick --ktap --timeout 400 "${scenarios[@]}" 2>&1)
	status=$?
	pass_rows "$kernel" $((2 * ${#scenarios[@]}))
	row "$kernel devtlb test --quick exits 0, and nothing is reported" [ "$status" -eq 0 ]
	row "$kernel ... and no skip asks for a Linux that this is" [ -z "$(skips_for_age "$kernel")" ]
	output=$(DEVTLB_KERNELS=$kernel tests/lifecycle.t 2>&1)
	pass_rows '' "$rows_of_lifecycle"
	reports "$kernel"
done
