#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The main job, on real kernels: each scenario clean and armed, in a guest that poisons freed memory, so that
# a device store that escapes containment shows. DEVTLB_KERNELS says which kernels (as tests/vm/run --kernel).

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
poison="page_poison=1 slub_debug=FZP panic_on_warn=1"

all=$(./devtlb list | wc -l)
quick=$(./devtlb list --json | jq '[.[] | select(.slow | not)] | length')

# Rows of a kernel that the catalogue is of, with the defects that it is known for, and of any other.
rows_of()
{
	case $1 in
	6.1) echo $((2 * all + 20)) ;;
	6.12) echo $((2 * all + 20 + 2 * quick + 1)) ;;
	*) echo $((2 * all + 17)) ;;
	esac
}

planned=6
for kernel in "${kernels[@]}"; do
	planned=$((planned + $(rows_of "$kernel")))
done
plan "$planned"

# in_guest KERNEL COMMAND...: leaves its output in $output and its status in $status.
in_guest()
{
	local kernel=$1

	shift
	output=$(tests/vm/run --kernel "$kernel" --append "$poison" --timeout 3000 -- "$@" 2>&1)
	status=$?
}

# skipped_without_excuse KERNEL: the scenarios, of KTAP on stdin, that were skipped though this kernel has what they
# need: "(Linux X)" at the end says since when there is that, and excuses older kernels only.
skipped_without_excuse()
{
	local line since

	grep '# SKIP' | while read -r line; do
		since=$(sed -nE 's/.*\(Linux ([0-9.]+)\)$/\1/p' <<<"$line")
		if [[ -z $since || $(printf '%s\n' "$since" "$1" | sort -V | head -n 1) == "$since" ]]; then
			sed -nE 's/^ok [0-9]+ ([^ ]+) .*/\1/p' <<<"$line"
		fi
	done | sort -u
}

# What else was skipped was so by chance (no page was to be had where one was needed, or the kernel's own memory was in
# each block that was to go offline), and gets another one, where some memory is for pages that can be moved.
nothing_else_skipped()
{
	local skipped poison="$poison movablecore=512M"

	skipped=$(skipped_without_excuse "$1" <<<"$output")
	status=0
	# shellcheck disable=SC2086
	[[ -z $skipped ]] || in_guest "$1" devtlb test --ktap --timeout 400 $skipped
	row "$1 nothing is skipped but what this kernel lacks" test "$status" -eq 0 -a -z "${skipped:+$(grep '# SKIP' <<<"$output")}"
}

# A defect that the kernel is known for, and that shows each time.
known_defect_of()
{
	case $1 in
	6.1) echo 'S1, known: since 4.15, not in 6.6' ;;
	6.12) echo 'N1, known: since 6.6, not mended' ;;
	esac
}

all_scenarios()
{
	local known

	in_guest "$1" devtlb test --ktap --timeout 400
	pass_rows "$1" $((2 * all))
	row "$1 devtlb test exits 0 and the guest stays healthy" [ "$status" -eq 0 ]
	# Each kernel gives reason to: a page is mapped where another one's flush is pending.
	says '^# [1-9][0-9,]* sightings? of rule B or C could not be decided: a TLB flush was pending$' \
		"$1 ... and tells how often it could not decide"
	known=$(known_defect_of "$1")
	if [[ -n $known ]]; then
		says "^# known: $known\$" "$1 ... and says by itself which defect the kernel is known for"
		row "$1 nothing is told from elsewhere than the catalogue has it" \
			[ -z "$(grep '^# told from elsewhere' <<<"$output")" ]
		nothing_else_skipped "$1"
	fi
}

# 6.12 announces what is large as a flush of all, where it is not told not to.
wide_ranges()
{
	in_guest "$1" devtlb test --ktap --timeout 400 --quick --wide
	pass_rows "$1 wide" $((2 * quick))
	row "$1 devtlb test --wide exits 0" [ "$status" -eq 0 ]
}

# One finding has all that a person needs.
dropped_cow()
{
	in_guest "$1" devtlb test cow --mutant drop:site=wp_page_copy
	row "$1 cow with wp_page_copy dropped exits 1" [ "$status" -eq 1 ]
	# From the finding of rule A on.
	output=$(sed -n '/rule A/,$p' <<<"$output")
	says '^FINDING [0-9]+: rule A: a page was freed while the device translated it' "$1 ... it names the rule"
	says 'address +0x[0-9a-f]+, in a translation of 4K' "$1 ... the address and the page size"
	says 'device has +pfn 0x[0-9a-f]+ r-' "$1 ... the page that the device had"
	says 'process has pfn 0x[0-9a-f]+' "$1 ... the page that the process has"
	says 'withheld +.*(wp_page_copy|do_wp_page) < .*\(by a mutant\)' "$1 ... the site that was withheld"
	says 'freed by +[a-z_]+' "$1 ... the stack that freed the page"
	says '^ +exit_mmap\+0x' "$1 ... down to the child's exit"
	says 'stale read +[1-9][0-9]*: the first by device thread 1 at 0x[0-9a-f]+: it got 0x100000000000001, the process has 0x200000000000001' \
		"$1 ... a stale read, with both values"
}

# docs/findings.md, N1: a hugetlb page of 2M is announced as 4K. What Debian's kernels do is known; anybody
# else's may do either.
fractured_hugetlb()
{
	in_guest "$1" devtlb test --fracture hugetlb-migrate
	case $1 in
	6.1)
		row "$1 a fractured hugetlb page is invalidated whole" [ "$status" -eq 0 ]
		says '^hugetlb-migrate +ok +caught' "$1 ... and would have been caught"
		;;
	6.12)
		row "$1 the defect N1 is found: pieces of a fractured hugetlb page outlive its migration" \
			[ "$status" -eq 1 ]
		says '^hugetlb-migrate +FOUND +caught' "$1 ... without any mutant"
		;;
	*)
		row "$1 a fractured hugetlb page is tested" [ "$status" -le 1 ]
		says '^hugetlb-migrate +(FOUND|ok) +caught' "$1 ... and would have been caught"
		;;
	esac
}

# Where reclaim is by lists, and not by generations, what the device uses stays on the active one.
reclaim_by_lists()
{
	# Each of them binds, which patches kernel text: as in lifecycle.t. And khugepaged empties the page table while it
	# collapses what reclaim has split.
	DEVTLB_TCG=single in_guest "$1" sh -c 'echo 0 >/sys/kernel/mm/lru_gen/enabled
		echo 10 >/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs
		for i in 1 2 3 4; do devtlb test thp-reclaim --rounds 4 || exit; done'
	row "$1 a large page that is used is reclaimed without lru_gen, too" [ "$status" -eq 0 ]
}

skips()
{
	output=$(tests/vm/run --kernel "$1" --nodes 1 --timeout 200 -- \
		sh -c 'echo 0 >/proc/sys/vm/nr_hugepages; echo never >/sys/kernel/mm/transparent_hugepage/enabled
			devtlb test migrate hugetlb-migrate thp-split' 2>&1)
	status=$?
	row "$1 scenarios that cannot run are skipped: exit 4" [ "$status" -eq 4 ]
	says '^migrate +skip .*needs two NUMA nodes' "$1 ... one node: says so"
	says '^thp-split +skip .*transparent huge pages are off' "$1 ... no THP: says what to do"
}

# Without containment, stores do land in freed pages, and the poison shows them: so the health of the guests above means
# something. It is looked at when somebody gets the page, so nearly all of the memory is taken, of the one node that there
# is.
uncontained()
{
	output=$(tests/vm/run --kernel "$1" --append "$poison" --nodes 1 --memory 1G --timeout 300 -- \
		sh -c 'rmmod devtlb && insmod /lib/devtlb/devtlb.ko contain=0 && mount -o remount,size=90% /tmp || exit
			for i in 1 2 3 4; do devtlb test munmap --mutant drop:site=__vm_munmap --rounds 1; done
			dd if=/dev/zero of=/tmp/fill bs=1M count=640' 2>&1)
	status=$?
	row "without containment the guest breaks" [ "$status" -eq 125 ]
	says 'pagealloc: (memory corruption|single bit error)' "... by a store into a freed page"
}

skip='ok 3 uffd-move clean # SKIP this kernel has no UFFDIO_MOVE (Linux 6.8)'
row "6.1 is excused for what 6.8 brought" [ -z "$(skipped_without_excuse 6.1 <<<"$skip")" ]
row "... and 6.12 is not" [ "$(skipped_without_excuse 6.12 <<<"$skip")" = uffd-move ]
row "... nor is 6.8 itself" [ "$(skipped_without_excuse 6.8 <<<"$skip")" = uffd-move ]
row "chance excuses nobody" [ "$(skipped_without_excuse 6.1 <<<'ok 4 ksm armed # SKIP no page was to be had')" = ksm ]

for kernel in "${kernels[@]}"; do
	all_scenarios "$kernel"
	[[ $kernel != 6.12 ]] || wide_ranges "$kernel"
	dropped_cow "$kernel"
	fractured_hugetlb "$kernel"
	reclaim_by_lists "$kernel"
	skips "$kernel"
done
uncontained "${kernels[0]}"
