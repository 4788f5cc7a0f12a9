#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Each rule's detector: it finds what it is for, every time, and at the first operation, without a race to win. And
# it is that detector that does: with it left out of the module, the same runs find nothing of that rule.
# DEVTLB_KERNELS says which kernels: series of Debian's. One TCG thread: each bind patches kernel text, which QEMU 7.2
# gets wrong with several.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# shellcheck source-path=SCRIPTDIR source=module-copy
. tests/module-copy

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
times=5
detectors=7
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
copy_module "$tree"

# The lost store needs no detector.
plan $((${#kernels[@]} * (2 * detectors + 1)))

# build_without KERNEL RULES NAME: NAME.ko is the module without the detectors of RULES. One tree for all: only
# module/detect/rules.c is compiled anew.
build_without()
{
	make_copy "$tree" "$1" WITHOUT_RULES="$2" >"$work/log" 2>&1 || cat "$work/log"
	mv "$tree/devtlb.ko" "$work/$3.ko"
}

# rows_of KERNEL: of what the guest said, in $said.
rows_of()
{
	local module rule what n

	while IFS= read -r line; do
		[[ $line =~ ^([a-zA-Z-]+)\ ([A-D]):\ (.*):\ found\ ([0-9]+)\ of\ $times$ ]] || continue
		module=${BASH_REMATCH[1]} rule=${BASH_REMATCH[2]} what=${BASH_REMATCH[3]} n=${BASH_REMATCH[4]}
		case $module in
		all)
			name="$1 rule $rule finds $what, $times times of $times"
			if [[ $n -eq $times ]]; then ok "$name"; else not_ok "$name" "found $n of $times"; fi
			;;
		"without-$rule")
			name="$1 ... without its detector, rule $rule does not find $what"
			if [[ $n -eq 0 ]]; then ok "$name"; else not_ok "$name" "without the detector: found $n of $times"; fi
			;;
		esac
	done <<<"$said"
}

for kernel in "${kernels[@]}"; do
	files=()
	modules=()
	before=$rows
	for rules in '' A B C D; do
		name=${rules:+without-$rules}
		name=${name:-all}
		build_without "$kernel" "$rules" "$name"
		files+=(--file "$work/$name.ko:/tmp/$name.ko")
		modules+=("/tmp/$name.ko")
	done
	said=$(DEVTLB_TCG=single tests/vm/run --kernel "$kernel" --no-module --timeout 600 "${files[@]}" --file ./devtlb:/usr/bin/devtlb \
		--file tests/guest/detectors:/tmp/detectors -- sh /tmp/detectors "$times" "${modules[@]}" 2>&1)
	status=$?
	rows_of "$kernel"
	while [[ $((rows - before)) -lt $((2 * detectors + 1)) ]]; do
		not_ok "$kernel a row is missing" "the guest ended with $status and said:" "$said"
	done
done
