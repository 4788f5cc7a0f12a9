#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Whatever ends, and whenever, leaves nothing behind: processes, sockets, the tool, the module.
#
# Each binding and unbinding patches kernel text; with more than one TCG thread QEMU 7.2 gets that wrong every
# few hundred times ("Oops: int3" in the guest), hence one. DEVTLB_CYCLES says how many there are at the end.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_lifecycle=19
rows_of_script=7

# Runs in the guest.
guest_script()
{
	cat <<-'GUEST'
	nothing_left()
	{
		devtlb info | grep -q '^PASIDs 0, device threads 0, translations 0$' && return
		devtlb info | sed 's/^/# /'
		return 1
	}
	row()
	{
		n=$((n + 1))
		if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
	}
	# Between rounds there is no device thread: look until there is one.
	in_a_run()
	{
		for _ in $(seq 200); do
			devtlb info 2>/dev/null | grep -q '^PASIDs [12], device threads 1' && return
			sleep 0.1
		done
		devtlb info | sed 's/^/# /'
		return 1
	}
	# A request under way, as the tool makes many, holds the module for its own time.
	unload()
	{
		for _ in $(seq 50); do
			rmmod devtlb 2>/tmp/why && return
			sleep 0.1
		done
		sed 's/^/# /' /tmp/why
		return 1
	}
	n=0

	devtlb test munmap --rounds 1000000 --timeout 1000 >/dev/null 2>&1 &
	in_a_run
	row $? "the tool is in the middle of a run"
	kill -KILL $!
	wait $! 2>/dev/null
	for _ in $(seq 100); do nothing_left >/dev/null && break; sleep 0.1; done
	nothing_left
	row $? "the tool is killed: nothing is left"

	devtlb test cow --rounds 1000000 --timeout 1000 >/tmp/out 2>&1 &
	in_a_run
	unload
	row $? "rmmod works while the tool waits"
	wait $!
	status=$?
	[ $status -eq 2 ] || { echo "# status $status"; sed 's/^/# /' /tmp/out; false; }
	row $? "... which ends with exit status 2"
	grep -q 'the module was unloaded' /tmp/out || { sed 's/^/# /' /tmp/out; false; }
	row $? "... and says why"
	insmod /lib/devtlb/devtlb.ko && nothing_left
	row $? "the module is loaded again, and empty"
	devtlb test cow >/tmp/out 2>&1 || { sed 's/^/# /' /tmp/out; false; }
	row $? "... and works"
	GUEST
}

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
guest_script >"$work/script"
make -s build/tests/lifecycle || exit 2

plan $((${#kernels[@]} * (rows_of_lifecycle + rows_of_script + 1)))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --timeout 1200 --file build/tests/lifecycle:/lifecycle \
		--file "$work/script:/script" -- sh -c "/lifecycle ${DEVTLB_CYCLES:-1000}; sh /script" 2>&1)
	status=$?
	pass_rows "$kernel" $((rows_of_lifecycle + rows_of_script))
	if [[ $status -eq 0 ]]; then
		ok "$kernel the guest stays healthy, and the module unloads"
	else
		not_ok "$kernel the guest stays healthy, and the module unloads" "status $status" "$output"
	fi
done
