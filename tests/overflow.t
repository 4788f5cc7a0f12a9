#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the module remembers is bounded, and what finds no room is counted (invariant 8).

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# shellcheck source-path=SCRIPTDIR source=module-copy
. tests/module-copy
# As in lifecycle.t.
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_overflow=7
rows_of_little=5
make -s build/tests/overflow || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# A module that has little room, for the newest of the kernels.
build_little()
{
	copy_module "$work"
	make_copy "$work" "$1" KCFLAGS="-DDEVTLB_FINDINGS_MAX=2 -DDEVTLB_SITES_MAX=4 -DMEMOS_MAX=8" >"$work/log" 2>&1 ||
		cat "$work/log"
}

plan $((${#kernels[@]} * (rows_of_overflow + 1) + rows_of_little + 1))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --file build/tests/overflow:/overflow -- /overflow 2>&1)
	status=$?
	pass_rows "$kernel" $rows_of_overflow
	row "$kernel the guest stays healthy" [ "$status" -eq 0 ]
done
kernel=${kernels[-1]}
build_little "$kernel"
output=$(tests/vm/run --kernel "$kernel" --module "$work/devtlb.ko" --file build/tests/overflow:/overflow \
	-- /overflow little 2>&1)
status=$?
pass_rows "$kernel, with little room:" $rows_of_little
row "$kernel, with little room: the guest stays healthy" [ "$status" -eq 0 ]
