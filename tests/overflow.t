#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the module remembers is bounded, and what finds no room is counted (invariant 8).

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# As in lifecycle.t.
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_overflow=5
make -s build/tests/overflow || exit 2

plan $((${#kernels[@]} * (rows_of_overflow + 1)))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --file build/tests/overflow:/overflow -- /overflow 2>&1)
	status=$?
	pass_rows "$kernel" $rows_of_overflow
	row "$kernel the guest stays healthy" [ "$status" -eq 0 ]
done
