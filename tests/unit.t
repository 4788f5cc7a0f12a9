#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The pure parts of module/ on the host: unit tests, the fuzzer against the
# naive model, and the proof that these could fail: seeded defects in a copy of
# the store, each of which must be caught.
#
#   prove tests/unit.t
#   DEVTLB_FUZZ_SECONDS=600 prove -v tests/unit.t
set -u
# The mutants abort, and their cores are of no interest.
ulimit -c 0

cd "$(dirname "$0")/unit" || exit 2

module=../../module
# Of userspace/model.
model=(coverage audit verdict sample evidence cause similar)
build=../../build/unit
fuzz_seconds=${DEVTLB_FUZZ_SECONDS:-60}
# A fixed seed: whether a defect is caught must not depend on the day.
mutant_seed=1
mutant_seconds=5
# Longer than any program here needs: a defect may loop for ever.
hang_seconds=120

# Three lines each: the defect, the file, the sed script that makes it.
mutants=(
	'insert looks for an overlap at its first address only' device/store.c
	's/if (devtlb_store_first(store, range))/if (devtlb_store_lookup(store, translation->va))/'

	'insert does not look for an overlap' device/store.c
	's/if (devtlb_store_first(store, range))/if (false)/'

	'lookup wants the exact address' device/store.c
	's/if (translation || level == 0)/if ((translation \&\& translation->va == va) || level == 0)/'

	'first leaves out the last slot' device/store.c
	's/slot <= last;/slot < last;/'

	'first leaves out the first slot' device/store.c
	's/for (slot = find_next_bit(node->used, DEVTLB_NODE_SLOTS, slot);/for (slot = find_next_bit(node->used, DEVTLB_NODE_SLOTS, slot + 1);/'

	'first begins before the range' device/store.c
	's/slot_of(max(range.start, base), node->level)/slot_of(base, node->level)/'

	'first goes on after the range' device/store.c
	's/slot_of(min(range.last, node_last), node->level)/slot_of(node_last, node->level)/'

	'first loses where a node begins' device/store.c
	's/base + ((unsigned long)slot/((unsigned long)slot/'

	'an emptied node stays marked at its parent' device/store.c
	's/--node->nr_used > 0 ||/--node->nr_used > 0 || true ||/'

	'a node in use is not marked at its parent' device/store.c
	's/node->nr_used++ > 0 ||/node->nr_used++ > 0 || true ||/'

	'a node is unmarked with its first removal' device/store.c
	's/--node->nr_used > 0 ||/--node->nr_used > 511 ||/'

	'remove leaves the page in its slot' device/store.c
	'/WRITE_ONCE(node->leaf\[slot\], NULL);/d'

	'remove leaves the node in the page' device/store.c
	'/translation->node = NULL;/d'

	'remove does not count' device/store.c
	's/store->held--;/store->held -= 0;/'

	'a node goes into the store and stays in the supply' device/store.c
	's/swap(child, supply->node\[node->level - 1\]);/child = supply->node[node->level - 1];/'

	'destroy forgets the children in slot 0' device/store.c
	's/for (slot = 0; slot < DEVTLB_NODE_SLOTS; slot++)/for (slot = 1; slot < DEVTLB_NODE_SLOTS; slot++)/'

	'the level of a size is not checked' device/store.c
	's/< DEVTLB_PAGE_LEVELS;/< DEVTLB_STORE_LEVELS;/'

	'sizes between the levels are taken' device/store.c
	'/% DEVTLB_NODE_BITS == 0 &&/d'

	'insert takes an address within a page' device/store.c
	's/range\.start != translation->va || //'

	'insert takes an address above the highest' device/store.c
	's/ || range\.last > STORE_LAST)/)/'

	'lookup takes the address after the highest' device/store.c
	's/if (va > STORE_LAST)/if (va > STORE_LAST + 1)/'

	'first takes the address after the highest' device/store.c
	's/if (range\.start > STORE_LAST ||/if (range.start > STORE_LAST + 1 ||/'

	'first looks into a destroyed store' device/store.c
	's/ || store->held == 0)/)/'

	'(~0UL, ~0UL) is a range' device/range.h
	's/if (start >= end)/if (start > end)/'

	'an end of ~0UL leaves out the last byte' device/range.h
	's/end == ULONG_MAX ? ULONG_MAX : end - 1/end - 1/'

	'an end of ~0UL wraps' device/range.h
	's/end == ULONG_MAX ? ULONG_MAX : end - 1/end == ULONG_MAX ? end + 1 : end - 1/'

	'the end of a range is in it' device/range.h
	's/ULONG_MAX : end - 1;/ULONG_MAX : end;/'

	'a range overlaps no page that begins at its last byte' device/range.h
	's/b\.start <= a\.last/b.start < a.last/'

	'a range contains what ends after it' device/range.h
	's/inner\.last <= outer\.last/inner.last <= outer.last + 1/'

	'a range contains what begins before it' device/range.h
	's/outer\.start <= inner\.start/outer.start <= inner.start + 1/'

	'a range overlaps no page that ends at its first byte' device/range.h
	's/a\.start <= b\.last/a.start < b.last/'

	'a page begins at any of its bytes' device/range.h
	's/\.start = va & ~offset_mask/.start = va/'

	'a huge page has one frame' device/translation.h
	's/(va - translation->va) >> 12/(va - translation->va) >> translation->shift/'
)

temp=$(mktemp -d) || exit 2
fuzz_pid=
# shellcheck disable=SC2317 # called by the trap
clean_up()
{
	[ -z "$fuzz_pid" ] || kill "$fuzz_pid" 2>/dev/null
	rm -rf "$temp"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

row_number=0
failed=0

row() # VERDICT NAME
{
	row_number=$((row_number + 1))
	echo "$1 $row_number - $2"
	[ "$1" = ok ] || failed=1
}

diagnose() # text on stdin
{
	sed 's/^/# /'
}

plan_of() # TAP-FILE
{
	local plan

	plan=$(sed -n '1s/^1\.\.\([0-9][0-9]*\)$/\1/p' "$1")
	# Without a plan there is one row, which says so.
	echo "${plan:-1}"
}

plans_of() # PROGRAM...
{
	local program sum=0

	for program; do
		sum=$((sum + $(plan_of "$temp/results/$program")))
	done
	echo "$sum"
}

failed_rows() # TAP-FILE
{
	sed -n 's/^not ok [0-9]* - //p' "$1"
}

# run_tests DIRECTORY RESULTS [PROGRAMS]: the programs of DIRECTORY, their output and status
run_tests()
{
	local program

	mkdir -p "$2"
	for program in ${3-range store}; do
		timeout "$hang_seconds" "$1/${program}_test" \
			>"$2/$program" 2>"$2/$program.stderr"
		echo $? >"$2/$program.status"
	done
}

# The rows of one program, under this file's numbers.
pass_rows() # PROGRAM RESULTS
{
	local line plan status seen=0

	plan=$(plan_of "$2/$1")
	status=$(cat "$2/$1.status")
	while IFS= read -r line; do
		case $line in
		'ok '* | 'not ok '*)
			row "${line%% [0-9]*}" "$1: ${line#* - }"
			seen=$((seen + 1))
			;;
		'#'*)
			echo "$line"
			;;
		esac
	done <"$2/$1"
	if [ "$status" -ne 0 ]; then
		diagnose <"$2/$1.stderr"
		failed=1
	fi
	while [ "$seen" -lt "$plan" ]; do
		seen=$((seen + 1))
		row 'not ok' "$1: row $seen"
		echo "# expected a result, got none: exit status $status"
	done
}

# The fuzzer's own message, else the sanitizer's, else its last line.
first_report() # LOG
{
	grep -m 1 -e ': operation ' -e 'ERROR: ' -e 'runtime error: ' "$1" ||
		tail -n 1 "$1"
}

# mutant_row DIRECTORY NAME: the row of a mutant that was tried.
mutant_row()
{
	row "$(cat "$1/verdict")" "$2"
	diagnose <"$1/said"
}

# What a mutant's programs are linked with, which no mutant changes.
unchanged=(tap.o host.o fuzz_driver.o)

# build_mutant COPY FILE: with what the baseline has of it; only what sees FILE is compiled anew.
build_mutant()
{
	local objects=("${unchanged[@]}")

	[ "${2##*.}" = h ] || objects+=(range_test.o store_test.o store_fuzz.o)
	mkdir "$1/out"
	cp -p "${objects[@]/#/$build/}" "$build/flags" "$1/out"
	make -s -o "$1/out/flags" "${objects[@]/#/-o$1/out/}" PROGRAMS="range_test store_test store_fuzz" \
		MODULE="$1" OUT="$1/out"
}

# New failures of the tests: only what the store as it is passes can catch a mutant.
caught_by_test() # COPY
{
	local program

	for program in range store; do
		run_tests "$1/out" "$1/results" "$program"
		failed_rows "$1/results/$program" |
			grep -vxFf <(failed_rows "$temp/results/$program") |
			sed "s/^/failed row of $program: /" >"$1/caught"
		[ ! -s "$1/caught" ] || return 0
	done
	return 1
}

caught_by_fuzzer() # COPY
{
	local status

	# In a group, or the shell reports the abort on its own stderr.
	{
		timeout "$hang_seconds" "$1/out/store_fuzz" \
			--seconds "$mutant_seconds" --seed "$mutant_seed" >"$1/log" 2>&1
		status=$?
	} 2>/dev/null
	echo "fuzz: exit status $status after $(first_report "$1/log")" >"$1/caught"
	# 2 is its usage error: it did not run, so it caught nothing.
	[ "$status" -ne 0 ] && [ "$status" -ne 2 ]
}

# try_mutant COPY FILE SED-SCRIPT [FUZZER]: leaves its verdict in COPY/verdict, and what there is to say on its stdout. What
# one of them has caught need not be caught again; with FUZZER only the fuzzer may catch it.
try_mutant()
{
	local copy=$1

	echo 'not ok' >"$copy/verdict"
	mkdir "$copy/device"
	cp "$module"/device/{range.h,translation.h,store.h,store.c} "$copy/device"
	sed -i "$3" "$copy/$2"
	if cmp -s "$module/$2" "$copy/$2"; then
		echo "expected a change of $2, got none from: sed '$3'"
	elif ! build_mutant "$copy" "$2" >"$copy/log" 2>&1; then
		echo 'expected the mutant to build, got:'
		cat "$copy/log"
	elif { [ -z "${4-}" ] && caught_by_test "$copy"; } || caught_by_fuzzer "$copy"; then
		echo ok >"$copy/verdict"
		head -n 1 "$copy/caught"
	else
		echo 'expected a failure, got none with:'
		diff "$module/$2" "$copy/$2"
		cat "$copy/log"
	fi
	rm -rf "$copy/out"
}

# try_mutants FIRST: every second one, from this one on; the others are tried meanwhile.
try_mutants()
{
	local i copy

	for ((i = $1; i < ${#mutants[@]} / 3; i += 2)); do
		copy=$temp/mutant.$i
		mkdir "$copy"
		try_mutant "$copy" "${mutants[@]:3 * i + 1:2}" >"$copy/said" 2>&1
	done
}

if ! make -s >"$temp/log" 2>&1; then
	echo 1..1
	row 'not ok' 'the unit tests build'
	diagnose <"$temp/log"
	exit 1
fi

run_tests "$build" "$temp/results" "range store ${model[*]}"
echo "1..$(($(plan_of "$temp/results/range") + \
	$(plan_of "$temp/results/store") + $(plans_of "${model[@]}") + ${#mutants[@]} / 3 + 2))"
pass_rows range "$temp/results"
pass_rows store "$temp/results"
for program in "${model[@]}"; do
	pass_rows "$program" "$temp/results"
done

# The mutants are tried meanwhile.
timeout "$((fuzz_seconds + hang_seconds))" "$build/store_fuzz" \
	--seconds "$fuzz_seconds" >"$temp/fuzz" 2>&1 &
fuzz_pid=$!

try_mutants 1 &
try_mutants 0
wait $!
for ((i = 0; i < ${#mutants[@]} / 3; i++)); do
	mutant_row "$temp/mutant.$i" "mutant is caught: ${mutants[3 * i]}"
done
mkdir "$temp/fuzzed"
try_mutant "$temp/fuzzed" "${mutants[@]:1:2}" fuzzer >"$temp/fuzzed/said" 2>&1
mutant_row "$temp/fuzzed" "mutant is caught by the fuzzer alone: ${mutants[0]}"

if wait "$fuzz_pid"; then
	verdict=ok
else
	verdict='not ok'
fi
fuzz_pid=
diagnose <"$temp/fuzz"
row "$verdict" "fuzz: $fuzz_seconds seconds against the naive model"
exit "$failed"
