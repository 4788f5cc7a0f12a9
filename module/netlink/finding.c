// SPDX-License-Identifier: GPL-2.0-only
/*
 * Findings on netlink: as objects of a dump, and sent to the listeners as they
 * come.
 *
 * A listener that is too slow misses messages, and sees by their numbers that it
 * did; the records stay.
 */
#include <linux/kallsyms.h>
#include <linux/string.h>
#include <net/genetlink.h>

#include "detect/finding.h"
#include "netlink/findings.h"
#include "netlink/message.h"
#include "netlink/operations.h"
#include "netlink/request.h"
#include "watch/binding.h"
#include "watch/watch.h"

/* A stack and three chains, at their longest. */
#define FINDING_MESSAGE_SIZE	8192

static int put_stale_reads(struct sk_buff *skb,
			   const struct devtlb_effect *effect)
{
	const struct devtlb_stale_read *stale_read = &effect->first;

	if (!effect->stale_reads)
		return 0;
	return nla_put_u64_64bit(skb, DEVTLB_A_FINDING_STALE_READS,
				 effect->stale_reads, DEVTLB_A_FINDING_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_FINDING_STALE_READ_AT,
				 stale_read->va, DEVTLB_A_FINDING_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_FINDING_STALE_READ_GOT,
				 stale_read->got, DEVTLB_A_FINDING_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_FINDING_STALE_READ_HAS,
				 stale_read->has, DEVTLB_A_FINDING_PAD) ||
	       nla_put_u32(skb, DEVTLB_A_FINDING_STALE_READ_BY, stale_read->by);
}

/* Is this a frame of our own probe, or of what called it? */
static bool is_probe_frame(const char *symbol)
{
	return strstr(symbol, "[" KBUILD_MODNAME "]") ||
	       strncmp(symbol, "ftrace_", strlen("ftrace_")) == 0 ||
	       strncmp(symbol, "kprobe_", strlen("kprobe_")) == 0 ||
	       strncmp(symbol, "__mmu_notifier_", strlen("__mmu_notifier_")) == 0 ||
	       strncmp(symbol, "0x", strlen("0x")) == 0;
}

static int put_stack(struct sk_buff *skb, const struct devtlb_stack *stack)
{
	char symbol[KSYM_SYMBOL_LEN];
	unsigned int i;

	for (i = 0; i < stack->nr; i++) {
		sprint_symbol(symbol, stack->frame[i]);
		if (is_probe_frame(symbol))
			continue;
		if (nla_put_string(skb, DEVTLB_A_FINDING_STACK, symbol))
			return -EMSGSIZE;
	}
	return 0;
}

static int put_beside(struct sk_buff *skb, const struct devtlb_recent *beside)
{
	if (beside->site == DEVTLB_NO_SITE)
		return 0;
	return nla_put_string(skb, DEVTLB_A_FINDING_BESIDE_SITE,
			      devtlb_site_chain(beside->site)) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_FINDING_BESIDE_START,
				 beside->range.start, DEVTLB_A_FINDING_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_FINDING_BESIDE_LAST,
				 beside->range.last, DEVTLB_A_FINDING_PAD);
}

static int put_finding(struct sk_buff *skb, u32 watch, u32 seq,
		       const struct devtlb_finding *finding)
{
	bool has_new_pfn = finding->new_pfn != DEVTLB_PFN_UNKNOWN &&
			   finding->new_pfn != DEVTLB_PFN_NONE;

	return nla_put_u32(skb, DEVTLB_A_FINDING_PASID, finding->pasid) ||
	       (watch && nla_put_u32(skb, DEVTLB_A_FINDING_WATCH, watch)) ||
	       nla_put_u32(skb, DEVTLB_A_FINDING_SEQ, seq) ||
	       nla_put_u32(skb, DEVTLB_A_FINDING_OWNER_PID,
			   finding->owner_pid) ||
	       nla_put_string(skb, DEVTLB_A_FINDING_OWNER_COMM,
			      finding->owner_comm) ||
	       nla_put_u32(skb, DEVTLB_A_FINDING_RULE, finding->rule) ||
	       nla_put_u32(skb, DEVTLB_A_FINDING_BREACH, finding->breach) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_FINDING_COUNT, finding->count,
				 DEVTLB_A_FINDING_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_FINDING_VA, finding->va,
				 DEVTLB_A_FINDING_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_FINDING_AT, finding->at,
				 DEVTLB_A_FINDING_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_FINDING_SIZE, 1ULL << finding->shift,
				 DEVTLB_A_FINDING_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_FINDING_PFN, finding->pfn,
				 DEVTLB_A_FINDING_PAD) ||
	       (has_new_pfn &&
		nla_put_u64_64bit(skb, DEVTLB_A_FINDING_NEW_PFN,
				  finding->new_pfn, DEVTLB_A_FINDING_PAD)) ||
	       (finding->new_pfn == DEVTLB_PFN_NONE &&
		nla_put_flag(skb, DEVTLB_A_FINDING_NO_NEW_PFN)) ||
	       (finding->hugetlb &&
		nla_put_flag(skb, DEVTLB_A_FINDING_HUGETLB)) ||
	       nla_put_u32(skb, DEVTLB_A_FINDING_RIGHTS, finding->rights) ||
	       nla_put_u32(skb, DEVTLB_A_FINDING_TABLE_RIGHTS,
			   finding->table_rights) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_FINDING_AGE, finding->age_ns,
				 DEVTLB_A_FINDING_PAD) ||
	       nla_put_u32(skb, DEVTLB_A_FINDING_FILLER, finding->filler) ||
	       (finding->withheld_site != DEVTLB_NO_SITE &&
		nla_put_string(skb, DEVTLB_A_FINDING_WITHHELD_SITE,
			       devtlb_site_chain(finding->withheld_site))) ||
	       (finding->last_site != DEVTLB_NO_SITE &&
		nla_put_string(skb, DEVTLB_A_FINDING_LAST_SITE,
			       devtlb_site_chain(finding->last_site))) ||
	       put_beside(skb, &finding->beside) ||
	       (finding->flush_pending &&
		nla_put_flag(skb, DEVTLB_A_FINDING_FLUSH_PENDING)) ||
	       put_stale_reads(skb, &finding->effect) ||
	       (finding->effect.lost_stores &&
		nla_put_u64_64bit(skb, DEVTLB_A_FINDING_LOST_STORES,
				  finding->effect.lost_stores,
				  DEVTLB_A_FINDING_PAD)) ||
	       nla_put_u32(skb, DEVTLB_A_FINDING_PID, finding->pid) ||
	       nla_put_string(skb, DEVTLB_A_FINDING_COMM, finding->comm) ||
	       put_stack(skb, &finding->stack);
}

static int put_message(struct sk_buff *skb,
		       const struct devtlb_findings *findings, u32 seq,
		       const struct devtlb_finding *finding)
{
	void *header = devtlb_netlink_event_begin(skb,
						  DEVTLB_CMD_FINDING_NTF);

	if (!header ||
	    put_finding(skb, findings->watch, seq, finding) ||
	    nla_put_u64_64bit(skb, DEVTLB_A_FINDING_LOST,
			      READ_ONCE(findings->lost), DEVTLB_A_FINDING_PAD))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
}

/* Tells the listeners of a finding. */
static void send_finding(const struct devtlb_findings *findings, u32 seq,
			 const struct devtlb_finding *finding)
{
	struct sk_buff *skb;

	if (!devtlb_netlink_has_listeners())
		return;
	/* Without memory the listener sees a gap. */
	skb = genlmsg_new(FINDING_MESSAGE_SIZE, GFP_KERNEL);
	if (!skb)
		return;
	if (put_message(skb, findings, seq, finding))
		nlmsg_free(skb);
	else
		devtlb_netlink_send_event(skb);
}

/**
 * devtlb_netlink_open_findings() - send findings as they come
 *
 * Context: may sleep; the family is there.
 */
void devtlb_netlink_open_findings(void)
{
	devtlb_findings_listen(send_finding);
}

/**
 * devtlb_netlink_close_findings() - send no more
 *
 * Context: may sleep; before the family goes, and its group's number may be
 * another's.
 */
void devtlb_netlink_close_findings(void)
{
	devtlb_findings_listen(NULL);
}

static struct devtlb_findings *findings_of(const struct devtlb_who *who,
					   struct netlink_ext_ack *extack)
{
	if (who->watch)
		return who->watch->findings;
	if (!who->pasid) {
		NL_SET_ERR_MSG_MOD(extack, "whose findings? give a PASID or a watch");
		return ERR_PTR(-EINVAL);
	}
	if (devtlb_binding_of(who->pasid)->watch) {
		NL_SET_ERR_MSG_MOD(extack, "the PASID belongs to a watch; ask for the findings of that");
		return ERR_PTR(-EINVAL);
	}
	return devtlb_subject_of(who->pasid)->findings;
}

int devtlb_nl_finding_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *seq = info->attrs[DEVTLB_A_FINDING_SEQ];
	struct devtlb_who who = devtlb_request_who(info);
	struct devtlb_findings *findings = findings_of(&who, info->extack);
	struct devtlb_finding finding;
	struct sk_buff *reply;
	void *header;
	int err;

	if (IS_ERR(findings))
		return PTR_ERR(findings);
	if (!seq) {
		NL_SET_ERR_MSG_MOD(info->extack, "no finding was given");
		return -EINVAL;
	}
	if (!devtlb_finding_get(findings, nla_get_u32(seq) - 1, &finding)) {
		NL_SET_ERR_MSG_ATTR(info->extack, seq,
				    KBUILD_MODNAME ": no such finding");
		return -ENOENT;
	}
	reply = devtlb_netlink_new_reply(info, FINDING_MESSAGE_SIZE, &header);
	if (!reply)
		return -ENOMEM;
	err = put_finding(reply, findings->watch, nla_get_u32(seq), &finding);
	return devtlb_netlink_send_reply(reply, header, err, info);
}

int devtlb_nl_finding_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct devtlb_findings *findings;
	struct devtlb_finding finding;
	struct devtlb_who who;
	bool fits = true;
	unsigned int i;
	int err;

	err = devtlb_dump_get_who(cb, &who);
	if (err)
		return err;
	findings = findings_of(&who, cb->extack);
	if (IS_ERR(findings)) {
		devtlb_who_put(&who);
		return PTR_ERR(findings);
	}
	for (i = cb->args[0]; devtlb_finding_get(findings, i, &finding); i++) {
		void *header = devtlb_netlink_dump_begin(skb, cb,
							 DEVTLB_CMD_FINDING_GET);

		fits = header;
		if (!fits)
			break;
		err = put_finding(skb, findings->watch, i + 1, &finding);
		fits = devtlb_netlink_dump_end(skb, header, err);
		if (!fits)
			break;
	}
	cb->args[0] = i;
	devtlb_who_put(&who);
	return devtlb_netlink_dump_result(skb, fits);
}
