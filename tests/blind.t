#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A detector that is blind says so: probes count as registered when ftrace is off. It does not matter to them whether
# kprobes are armed.
# DEVTLB_KERNELS says which kernels. One TCG thread: each bind patches kernel text, which QEMU 7.2 gets wrong with
# several.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_guest=6

# Runs in the guest.
guest_script()
{
	cat <<-'GUEST'
	kprobes=/sys/kernel/debug/kprobes/enabled
	ftrace=/proc/sys/kernel/ftrace_enabled
	blind='ftrace is off .*: breaches of rules A, B, C are not seen at [1-9]'

	# row STATUS NAME: 0 passes.
	row()
	{
		n=$((n + 1))
		if [ "$1" -eq 0 ]; then
			echo "ok $n - $2"
		else
			echo "not ok $n - $2"
			sed 's/^/# /' /tmp/out
		fi
	}
	# says YES-OR-NO COMMAND...: does it say that it is blind?
	says()
	{
		want=$1
		shift
		"$@" >/tmp/out 2>&1
		if grep -q "$blind" /tmp/out; then [ "$want" = yes ]; else [ "$want" = no ]; fi
	}
	n=0
	mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
	says no devtlb test --rounds 1 cow && says no devtlb run true
	row $? "neither test nor run says that it is blind"
	echo 0 >$kprobes
	says no devtlb test --rounds 1 cow && says no devtlb run true
	row $? "... nor when kprobes are disarmed"
	echo 1 >$kprobes
	echo 0 >$ftrace
	says yes devtlb test --rounds 1 cow
	row $? "ftrace is off: test says it"
	says yes devtlb run true
	row $? "... so does run"
	echo 1 >$ftrace
	says no devtlb test --rounds 1 cow
	row $? "... and on again: it does not"
	sleep 100 & watched=$!
	devtlb attach $watched >/dev/null 2>&1 & attached=$!
	while ! devtlb info | grep -q '^PASIDs 1,'; do sleep 0.1; done
	echo 0 >$ftrace
	devtlb info >/tmp/out
	echo 1 >$ftrace
	grep -q '^rule C is not watched, for ftrace is off, at .*do_wp_page' /tmp/out
	row $? "info says it when ftrace goes off later"
	kill $watched
	wait $attached
	GUEST
}

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
guest_script >"$work/script"

plan $((${#kernels[@]} * rows_of_guest))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --timeout 300 --file "$work/script:/script" -- sh /script 2>&1)
	pass_rows "$kernel" $rows_of_guest
done
