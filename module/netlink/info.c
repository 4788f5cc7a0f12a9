// SPDX-License-Identifier: GPL-2.0-only
/* About the module, on netlink. */
#include <linux/module.h>
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "detect/detector.h"
#include "detect/reverse_map.h"
#include "device/contain.h"
#include "device/thread.h"
#include "netlink/message.h"
#include "netlink/operations.h"
#include "notifier/site.h"
#include "notifier/stack_memo.h"
#include "watch/binding.h"

static int put_probe(const struct devtlb_probe_state *probe, void *arg)
{
	struct sk_buff *skb = arg;
	/* Long enough for "A " and a symbol. */
	char text[2 + DEVTLB_SYMBOL_MAX];

	scnprintf(text, sizeof(text), "%c %s", 'A' + probe->rule - DEVTLB_RULE_A,
		  probe->name);
	if (probe->silent)
		return nla_put_string(skb, DEVTLB_A_INFO_PROBE_SILENT, text);
	return nla_put_string(skb, probe->attached ? DEVTLB_A_INFO_PROBE
						   : DEVTLB_A_INFO_PROBE_MISSING,
			      text);
}

static int put_probes(struct sk_buff *skb)
{
	return devtlb_probe_set_describe(&devtlb_detectors, put_probe, skb) ? :
	       nla_put_u64_64bit(skb, DEVTLB_A_INFO_PROBE_MISSES,
				 devtlb_probe_set_misses(&devtlb_detectors),
				 DEVTLB_A_INFO_PAD);
}

int devtlb_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *header;
	int err;

	reply = devtlb_netlink_new_reply(info, NLMSG_DEFAULT_SIZE, &header);
	if (!reply)
		return -ENOMEM;

	err = nla_put_string(reply, DEVTLB_A_INFO_VERSION, THIS_MODULE->version) ||
	      nla_put_u32(reply, DEVTLB_A_INFO_CALLBACK, DEVTLB_THIS_CALLBACK) ||
	      (devtlb_contain() && nla_put_flag(reply, DEVTLB_A_INFO_CONTAIN)) ||
	      nla_put_u32(reply, DEVTLB_A_INFO_PASIDS, devtlb_pasids_bound()) ||
	      nla_put_u32(reply, DEVTLB_A_INFO_THREADS, devtlb_threads_exist()) ||
	      nla_put_u64_64bit(reply, DEVTLB_A_INFO_TRANSLATIONS,
				devtlb_reverse_map_held(), DEVTLB_A_INFO_PAD) ||
	      nla_put_u64_64bit(reply, DEVTLB_A_INFO_STACKS_RECALLED,
				devtlb_stacks_recalled(), DEVTLB_A_INFO_PAD) ||
	      nla_put_u64_64bit(reply, DEVTLB_A_INFO_STACKS_UNWOUND,
				devtlb_stacks_unwound(), DEVTLB_A_INFO_PAD) ||
	      put_probes(reply);
	return devtlb_netlink_send_reply(reply, header, err, info);
}
