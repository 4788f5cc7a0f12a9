#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A process that never lets its mmap_lock go holds nobody up but who waits for it, and they can be ended.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# As in lifecycle.t.
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_stuck=19
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
make -s build/tests/stuck || exit 2

# Some module that registers a family of generic netlink, and needs no other.
family_module()
{
	local -a found
	local file

	mapfile -t found < <(tests/vm/debian-kernel "$1")
	[[ ${#found[@]} -eq 3 ]] || return
	file=$(find "${found[0]%/}/lib/modules/${found[1]}/kernel/drivers/net/team" -name 'team.ko*' -print -quit)
	case $file in
	*.xz) xz -dc "$file" ;;
	*.zst) zstd -qdc "$file" ;;
	*) cat "$file" ;;
	esac
}

plan $((${#kernels[@]} * (rows_of_stuck + 1)))
for kernel in "${kernels[@]}"; do
	family_module "$kernel" >"$work/team.ko"
	output=$(tests/vm/run --kernel "$kernel" --timeout 400 --file build/tests/stuck:/stuck \
		--file "$work/team.ko:/team.ko" -- /stuck /team.ko 2>&1)
	status=$?
	pass_rows "$kernel" $rows_of_stuck
	if [[ $status -eq 0 ]]; then
		ok "$kernel the guest stays healthy"
	else
		not_ok "$kernel the guest stays healthy" "status $status" "$output"
	fi
done
