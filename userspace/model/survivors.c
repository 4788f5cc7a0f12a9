// SPDX-License-Identifier: GPL-2.0-only
#include "model/result.h"
#include "model/survivors.h"

struct survivors survivors_of(struct json_object *sites)
{
	struct survivors survivors = { };
	size_t nr = sites ? json_object_array_length(sites) : 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);

		survivors.survived += get_number(site, "survived");
		survivors.right += get_number(site, "right");
		survivors.covered += get_number(site, "covered");
		survivors.late += get_number(site, "late");
		survivors.again += get_number(site, "again");
	}
	return survivors;
}
