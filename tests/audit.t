#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# "devtlb audit" is green only where everything was compared and nothing is wrong; "devtlb monitor" where it heard of
# everything.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_merged=2
rows_of_monitor=2
make -s build/tests/{merged,monitor,devtlb-held} || exit 2

plan $((${#kernels[@]} * (rows_of_merged + rows_of_monitor + 1)))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --timeout 300 --file build/tests/merged:/merged \
		--file build/tests/monitor:/monitor --file build/tests/devtlb-held:/devtlb-held \
		-- sh -c '/merged && /monitor /devtlb-held' 2>&1)
	status=$?
	pass_rows "$kernel" $((rows_of_merged + rows_of_monitor))
	if [[ $status -eq 0 ]]; then
		ok "$kernel the guest stays healthy"
	else
		not_ok "$kernel the guest stays healthy" "status $status" "$output"
	fi
done
