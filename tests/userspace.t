#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The rooms of userspace/: from the objects, who uses what of whom. A room uses those before it in this order and
# none after it, so there is no circle. And each file has a size that a person reads in one go.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

order="model client cli report runner watching fixtures scenarios operations fuzz commands"
lines_max=600

make -s tool || exit 2
# Not what else may be left in build/.
mapfile -t objects < <(printf 'build/%s\n' userspace/*/*.c | sed 's/c$/o/')

# uses_of ORDER: what a room uses of one after it, or beside the order, as "room/file.o: symbol of room".
uses_of()
{
	nm -A -g "${objects[@]}" | awk -v order="$1" '
		BEGIN {
			n = split(order, rooms)
			for (i = 1; i <= n; i++)
				rank[rooms[i]] = i
		}
		{
			split($1, path, "/")
			room = path[3]
			file = path[4]
			sub(/:.*/, "", file)
			if (!(room in rank))
				print room "/" file ": its room is not in the order"
			if ($(NF - 1) == "U")
				used[room "/" file " " $NF] = room
			else
				defined[$NF] = room
		}
		END {
			for (use in used) {
				split(use, part, " ")
				of = defined[part[2]]
				if (of != "" && rank[of] > rank[used[use]])
					print part[1] ": " part[2] " of " of
			}
		}' | sort
}

# nothing NAME: $output is empty.
nothing()
{
	if [[ -z $output ]]; then ok "$1"; else not_ok "$1" "$output"; fi
}

plan 5

output=$(uses_of "$order")
nothing "no room uses one that comes after it: $order"
output=$(uses_of "${order/client cli/cli client}")
says '^cli/command\.o: client_open of client$' "... and one that did would be seen"
output=$(uses_of "${order/ watching/}")
says '^watching/.*: its room is not in the order$' "... and so would a room that nobody has placed"

output=$(nm -A -u "${objects[@]}" | grep -F /model/ | grep -wE 'U (printf|vprintf|fprintf|vfprintf|puts|putchar|fputs|fputc|stdout|stderr|__printf_chk|__fprintf_chk)')
nothing "the model prints nothing"

output=$(wc -l userspace/*/*.[ch] | awk -v max=$lines_max '$2 != "total" && $1 > max')
nothing "no file has more than $lines_max lines"
