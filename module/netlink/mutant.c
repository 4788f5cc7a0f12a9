// SPDX-License-Identifier: GPL-2.0-only
/* Mutants on netlink. */
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/stringify.h>
#include <net/genetlink.h>

#include "netlink/operations.h"
#include "netlink/request.h"
#include "watch/binding.h"
#include "watch/watch.h"

#define MUTANT_DELAY_DEFAULT	10	/* milliseconds */

static u32 u32_or(struct nlattr *attr, u32 otherwise)
{
	return attr ? nla_get_u32(attr) : otherwise;
}

/* A mutant of the device: it has no more to say than what it is, and whose. */
static int check_defect(struct genl_info *info)
{
	unsigned int attr;

	for (attr = DEVTLB_A_MUTANT_SITE; attr <= DEVTLB_A_MUTANT_MAX; attr++) {
		if (info->attrs[attr] && attr != DEVTLB_A_MUTANT_WATCH) {
			NL_SET_ERR_MSG_MOD(info->extack, "a mutant of the device itself takes no site, and nothing else");
			return -EINVAL;
		}
	}
	return 0;
}

static struct devtlb_pasid *get_other(struct devtlb_pasid *pasid,
				      struct genl_info *info)
{
	struct devtlb_pasid *other =
		devtlb_request_get_pasid(info->attrs[DEVTLB_A_MUTANT_OTHER],
					 info->extack);

	if (other != pasid)
		return other;
	devtlb_pasid_put(other);
	NL_SET_ERR_MSG_MOD(info->extack, "a notification is misrouted to another PASID, not to its own");
	return ERR_PTR(-EINVAL);
}

static struct devtlb_mutant_spec *read_mutant(u32 kind, struct genl_info *info)
{
	struct nlattr *seed = info->attrs[DEVTLB_A_MUTANT_SEED];
	struct nlattr *site = info->attrs[DEVTLB_A_MUTANT_SITE];
	struct devtlb_mutant_spec *spec;

	/* Too large for the stack. */
	spec = kzalloc(sizeof(*spec), GFP_KERNEL);
	if (!spec)
		return NULL;
	spec->kind = kind;
	if (site)
		nla_strscpy(spec->site, site, sizeof(spec->site));
	spec->whole_chain = info->attrs[DEVTLB_A_MUTANT_WHOLE_CHAIN];
	spec->pages_min = u32_or(info->attrs[DEVTLB_A_MUTANT_PAGES_MIN], 0);
	spec->pages_max = u32_or(info->attrs[DEVTLB_A_MUTANT_PAGES_MAX], 0);
	spec->only = u32_or(info->attrs[DEVTLB_A_MUTANT_ONLY], 0);
	spec->every = u32_or(info->attrs[DEVTLB_A_MUTANT_EVERY], 0);
	spec->nth = u32_or(info->attrs[DEVTLB_A_MUTANT_NTH], 1);
	spec->times = u32_or(info->attrs[DEVTLB_A_MUTANT_TIMES], 0);
	spec->probability = u32_or(info->attrs[DEVTLB_A_MUTANT_PROBABILITY],
				   DEVTLB_CERTAIN);
	spec->seed = seed ? nla_get_u64(seed) : 0;
	spec->delay_ms = u32_or(info->attrs[DEVTLB_A_MUTANT_DELAY],
				MUTANT_DELAY_DEFAULT);
	return spec;
}

/* Does it tell translations of one notification apart? */
static bool needs_pieces(struct nlattr *only)
{
	return only && nla_get_u32(only) != DEVTLB_ONLY_FOREIGN;
}

/* Attributes that make no sense together. */
static int check_mutant(u32 kind, struct genl_info *info)
{
	const char *error = NULL;

	if (devtlb_mutant_is_of_device(kind))
		return check_defect(info);
	if (info->attrs[DEVTLB_A_MUTANT_WHOLE_CHAIN] &&
	    !info->attrs[DEVTLB_A_MUTANT_SITE])
		error = "which whole chain? give a site";
	else if (info->attrs[DEVTLB_A_MUTANT_DELAY] && kind != DEVTLB_MUTANT_DEFER)
		error = "only a deferred notification has a delay";
	else if (info->attrs[DEVTLB_A_MUTANT_OTHER] &&
		 kind != DEVTLB_MUTANT_MISROUTE)
		error = "only a misrouted notification has another PASID";
	else if (needs_pieces(info->attrs[DEVTLB_A_MUTANT_ONLY]) &&
		 !devtlb_mutant_is_of_pieces(kind))
		error = "a notification is late, or goes elsewhere, as a whole";
	if (!error)
		return 0;
	/* Not NL_SET_ERR_MSG(): that one wants a literal. */
	info->extack->_msg = error;
	return -EINVAL;
}

/* Under the jobs mutex. */
static int add_to_pasid(struct devtlb_pasid *pasid,
			struct devtlb_mutant_spec *spec, struct genl_info *info)
{
	int err;

	if (spec->kind == DEVTLB_MUTANT_MISROUTE) {
		spec->other = get_other(pasid, info);
		if (IS_ERR(spec->other))
			return PTR_ERR(spec->other);
	}
	err = devtlb_mutant_add(pasid, &devtlb_binding_of(pasid)->mutants, spec,
				info->extack);
	if (err && spec->other)
		devtlb_pasid_put(spec->other);
	return err;
}

static int add_to_watch(struct devtlb_watch *watch,
			const struct devtlb_mutant_spec *spec,
			struct genl_info *info)
{
	if (spec->kind == DEVTLB_MUTANT_MISROUTE) {
		NL_SET_ERR_MSG_MOD(info->extack, "the notifications of a watch have no other PASID to go to");
		return -EINVAL;
	}
	return devtlb_watch_add_mutant(watch, spec, info->extack);
}

int devtlb_nl_mutant_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct devtlb_who who = devtlb_request_who(info);
	struct nlattr *kind = info->attrs[DEVTLB_A_MUTANT_KIND];
	struct devtlb_mutant_spec *spec;
	int err;

	if (!kind) {
		NL_SET_ERR_MSG_MOD(info->extack, "a mutant needs a kind");
		return -EINVAL;
	}
	if (!who.pasid && !who.watch) {
		NL_SET_ERR_MSG_MOD(info->extack, "whose mutant? give a PASID or a watch");
		return -EINVAL;
	}
	err = check_mutant(nla_get_u32(kind), info);
	if (err)
		return err;
	spec = read_mutant(nla_get_u32(kind), info);
	if (!spec)
		return -ENOMEM;
	if (who.watch)
		err = add_to_watch(who.watch, spec, info);
	else
		err = add_to_pasid(who.pasid, spec, info);
	kfree(spec);
	return err;
}
