#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Page tables of five levels and of four, addresses beyond 47 bits, and pages of 1G.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# As in lifecycle.t.
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_addresses=10
make -s build/tests/addresses || exit 2

plan $((${#kernels[@]} * 2 * (rows_of_addresses + 1)))
for kernel in "${kernels[@]}"; do
	for levels in 5 4; do
		append='hugepagesz=1G hugepages=1 hugepagesz=2M'
		[[ $levels -eq 5 ]] || append+=' no5lvl'
		output=$(tests/vm/run --kernel "$kernel" --memory 6G --append "$append" \
			--file build/tests/addresses:/addresses -- /addresses "$levels" 2>&1)
		status=$?
		pass_rows "$kernel with $levels levels:" $rows_of_addresses
		row "$kernel with $levels levels: the guest stays healthy" [ "$status" -eq 0 ]
	done
done
