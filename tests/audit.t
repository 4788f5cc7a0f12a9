#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# "devtlb audit" is green only where everything was compared and nothing is wrong.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_merged=2
make -s build/tests/merged || exit 2

plan $((${#kernels[@]} * (rows_of_merged + 1)))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --timeout 300 --file build/tests/merged:/merged -- /merged 2>&1)
	status=$?
	pass_rows "$kernel" $rows_of_merged
	if [[ $status -eq 0 ]]; then
		ok "$kernel the guest stays healthy"
	else
		not_ok "$kernel the guest stays healthy" "status $status" "$output"
	fi
done
