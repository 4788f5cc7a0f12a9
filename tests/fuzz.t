#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# devtlb fuzz: what is wrong with a sequence is said exactly; with a defect it finds something, makes it small, and
# shows it again, as a file and as a program; without one it finds nothing. DEVTLB_KERNELS says which kernels: series of
# Debian's. One TCG thread: each bind patches kernel text, which QEMU 7.2 gets wrong with several.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

export DEVTLB_TCG=single
read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
seconds=${DEVTLB_FUZZ_SECONDS:-60}
dir=build/fuzz
mkdir -p $dir
make -s tool build/tests/write_programs || exit 2

plan $((17 + 15 * ${#kernels[@]}))

# refuses LINE REGEXP NAME: a file with that line after a right one is refused, with the number of the line.
refuses()
{
	printf '# a comment\np0 munmap page=0 pages=1\n%s\n' "$1" >$dir/wrong
	output=$(./devtlb fuzz --replay $dir/wrong 2>&1)
	says "^devtlb: $dir/wrong:3: $2" "$3"
}

refuses 'p9 munmap page=0 pages=1' 'actor: expected an actor, p0 to p7, not "p9"' "an actor that cannot be"
refuses 'p0' 'expected an actor and an operation' "no operation"
refuses 'p0 unmap page=0 pages=1' 'expected an operation, not "unmap"; "devtlb fuzz --list" shows them' "no such operation"
refuses 'p0 munmap page=0' 'expected pages=VALUE as well' "an argument too few"
refuses 'p0 munmap page=0 pages=1 flags=none' 'munmap has no "flags"' "an argument too many"
refuses 'p0 munmap page=0 page=0 pages=1' 'munmap has one "page" only' "an argument twice"
refuses 'p0 munmap page=0 pages=0' 'pages: expected a number from 1 to 32768, not "0"' "a number out of range"
refuses 'p0 munmap page=32767 pages=2' 'expected to end with page 32767 at most' "the end of the arena"
refuses 'p0 mprotect page=0 pages=1 protection=x' 'protection: expected one of rw, r, none, rx, not "x"' "no such word"
refuses 'p0 munmap page=0 pages=1 &' 'munmap cannot be performed in the background' "what changes memory, in the background"
refuses 'p0 compact & page=0' 'expected nothing behind "&", not "page=0"' "something behind the &"
refuses 'p0 munmap 3 4' 'expected NAME=VALUE, not "3"' "no name"
output=$(./devtlb fuzz --replay $dir/nowhere 2>&1)
says "^devtlb: $dir/nowhere: No such file" "no such file"
: >$dir/empty
output=$(./devtlb fuzz --replay $dir/empty 2>&1)
says "$dir/empty: expected at least one operation" "an empty file"
output=$(./devtlb fuzz --list)
says '^munmap page=N pages=N$' "--list shows operations and their arguments"
operations=$(grep -c '^[a-z]' <<<"$output")

# compile SOURCE PROGRAM: as strictly as we compile ourselves.
compile()
{
	cc -Wall -Wextra -Wno-unused-parameter -Werror -Iuapi -o "$2" "$1"
}

# compile_programs DIRECTORY: all of them; says which do not compile, and why.
compile_programs()
{
	local source wrong=0

	for source in "$1"/*.c; do
		compile "$source" "${source%.c}" || wrong=1
	done
	return $wrong
}

# A program has what its operations need and no more: one whose piece is missing, or not needed, does not compile.
rm -rf $dir/programs
mkdir $dir/programs
build/tests/write_programs $dir/programs
exits 0 "the program of each operation compiles" compile_programs $dir/programs
row "... and there is one for each" [ "$(find $dir/programs -name '*.c' | wc -l)" -eq "$operations" ]

# guest KERNEL COMMAND...: its output and status, in $output and $status.
guest()
{
	local kernel=$1

	shift
	output=$(tests/vm/run --kernel "$kernel" "${files[@]}" -- "$@" 2>&1)
	status=$?
}

for kernel in "${kernels[@]}"; do
	files=()
	# shellcheck disable=SC2016
	guest "$kernel" sh -c 'devtlb fuzz --seed 3 --operations 3000 --mutant drop:site=do_mprotect_pkey \
		--output /tmp/found --program /tmp/found.c; status=$?; echo "-- found"; cat /tmp/found; echo "-- program";
		cat /tmp/found.c; exit $status'
	row "$kernel: an mprotect that nobody tells of is found" [ $status -eq 1 ]
	sed -n '/^-- found/,/^-- program/{/^-- /d;p}' <<<"$output" >$dir/found
	sed -n '/^-- program/,${/^-- /d;p}' <<<"$output" >$dir/found.c
	row "$kernel: ... by fewer than ten operations" [ "$(grep -c '^p' $dir/found)" -lt 10 ]
	row "$kernel: ... with mprotect among them" grep -q mprotect $dir/found
	exits 0 "$kernel: ... its program compiles" compile $dir/found.c $dir/shows
	files=(--file "$dir/found:/found" --file "$dir/shows:/shows")
	guest "$kernel" devtlb fuzz --replay /found --mutant drop:site=do_mprotect_pkey
	row "$kernel: ... the file shows it again" [ $status -eq 1 ]
	# shellcheck disable=SC2016
	# It binds and unbinds the only PASID, which patches the kernel's text: QEMU 7.2 gets that wrong with two threads.
	guest "$kernel" /shows
	row "$kernel: ... and so does the program" [ $status -eq 1 ]
	guest "$kernel" devtlb fuzz --replay /found
	row "$kernel: ... the file shows nothing without the defect" [ $status -eq 0 ]
	# N1, in pages of which the device may only read one, so that it is freed, not copied, under it: docs/findings.md.
	printf '%s\n' 'p0 mmap-hugetlb page=15872 pages=1 sharing=private protection=r flags=populate' \
		'p0 move-pages page=15872 pages=1 node=1' 'p0 move-pages page=15872 pages=1 node=0' \
		'p0 mmap-hugetlb page=16384 pages=1 sharing=private protection=rw flags=populate' \
		'p0 move-pages page=16384 pages=1 node=1' 'p0 move-pages page=16384 pages=1 node=0' >$dir/known
	files=(--file "$dir/known:/known")
	guest "$kernel" devtlb fuzz --replay /known
	row "$kernel: a known defect is no finding, whatever it breaks" [ $status -eq 0 ]
	if [[ $kernel == 6.1 ]]; then
		says_not '^known: ' "$kernel: ... nor counted where the kernel has not got it"
	else
		says '^known: N1, docs/findings.md: [0-9]+ times' "$kernel: ... and is counted"
	fi
	printf '%s\n' 'p0 mmap page=16384 pages=8 sharing=private protection=rw flags=populate' 'p0 fork actor=p1' \
		'p1 move-pages-of actor=p0 page=16384 pages=8 node=1 &' 'p0 write page=16384 pages=8 stride=1 value=5' \
		'p0 read page=16384 pages=8 stride=1' 'p1 compact &' >$dir/background
	files=(--file "$dir/background:/background")
	guest "$kernel" devtlb fuzz --replay /background
	says '^seed [0-9]+: 6 operations in 1 sequences, 0 of them refused' "$kernel: two operations at a time"
	# The swap cache keeps a page of which another process still has the swap entry; and reclaim gets none that waits in
	# some CPU's batch for the LRU, which compaction empties.
	printf '%s\n' 'p0 mmap page=16384 pages=8 sharing=private protection=rw' \
		'p0 read page=16384 pages=8 stride=1' 'p0 write page=16384 pages=8 stride=1 value=5' \
		'p0 compact' 'p0 page-out page=16384 pages=8' 'p0 fork actor=p1' 'p0 read page=16384 pages=8 stride=1' \
		'p0 write page=16384 pages=8 stride=1 value=9' 'p1 mprotect page=16384 pages=8 protection=r' >$dir/states
	files=(--file "$dir/states:/states")
	guest "$kernel" devtlb fuzz --replay /states
	says '^pages were absent 2, swapped 3, .*anonymous 3,.* swap-cache 1,.* zero 1,' \
		"$kernel: in which states the pages were is told"
	files=()
	guest "$kernel" devtlb fuzz --racing --seed 1 --duration "$((seconds / 2))"
	row "$kernel: nothing is found without a defect when all race" [ $status -eq 0 ]
	guest "$kernel" devtlb fuzz --seed 1 --duration "$seconds"
	row "$kernel: nothing is found without a defect" [ $status -eq 0 ]
	says '^nothing found$' "$kernel: ... which it says"
	says '^seed 1: [0-9]+ operations in [0-9]+ sequences' "$kernel: ... and what it has done"
done
