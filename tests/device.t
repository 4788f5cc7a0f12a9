#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The mock device on its own: page sizes up to 1G, programs, refused accesses.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# As in lifecycle.t.
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_device=23
make -s build/tests/device || exit 2

plan $((${#kernels[@]} * (rows_of_device + 1)))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --memory 6G --append 'hugepagesz=1G hugepages=1 hugepagesz=2M' \
		--file build/tests/device:/device -- /device 2>&1)
	status=$?
	pass_rows "$kernel" $rows_of_device
	if [[ $status -eq 0 ]]; then
		ok "$kernel the guest stays healthy"
	else
		not_ok "$kernel the guest stays healthy" "status $status" "$output"
	fi
done
