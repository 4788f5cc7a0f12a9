#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What mutants do each time, what happens at the module's limits, and to those who may not use it.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# As in lifecycle.t.
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_limits=11
rows_of_edges=13
make -s build/tests/{limits,edges} || exit 2

plan $((${#kernels[@]} * (rows_of_limits + rows_of_edges + 1)))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --file build/tests/limits:/limits --file build/tests/edges:/edges \
		-- sh -c '/limits && /edges' 2>&1)
	status=$?
	pass_rows "$kernel" $((rows_of_limits + rows_of_edges))
	row "$kernel the guest stays healthy" [ "$status" -eq 0 ]
done
