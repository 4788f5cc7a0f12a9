#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What looks like a breach and is none is not found: guest/innocent.c and guest/stalled.c have the programs.
# DEVTLB_KERNELS says which kernels. One TCG thread: each bind patches kernel text, which QEMU 7.2 gets wrong with several.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
kinds=(zap-read-write zap-file zap-write)

# Runs in the guest.
guest_script()
{
	cat <<-'GUEST'
	for kind; do
		devtlb run --share 20 innocent "$kind" 2>/tmp/report
		status=$?
		if [ $status -eq 0 ] && grep -q '^devtlb: 1 process watched' /tmp/report && ! grep -q '^FINDING' /tmp/report; then
			echo "ok - $kind"
		else
			echo "not ok - $kind"
			sed "s/^/# /" /tmp/report
		fi
	done
	GUEST
}

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
guest_script >"$work/script"
rows_of_stalled=2
make -s build/tests/{innocent,stalled} || exit 2

plan $((${#kernels[@]} * (${#kinds[@]} + rows_of_stalled)))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --timeout 300 --file build/tests/innocent:/bin/innocent \
		--file build/tests/stalled:/stalled --file "$work/script:/script" \
		-- sh -c 'sh /script "$@"; /stalled' - "${kinds[@]}" 2>&1)
	for kind in "${kinds[@]}"; do
		if grep -qFx "ok - $kind" <<<"$output"; then
			ok "$kernel $kind: nothing is found"
		else
			not_ok "$kernel $kind: nothing is found" "$output"
		fi
	done
	output=$(sed -n '/^\(not \)*ok [0-9]/,$p' <<<"$output")
	pass_rows "$kernel" $rows_of_stalled
done
