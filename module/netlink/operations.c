// SPDX-License-Identifier: GPL-2.0-only
/* Generated from uapi/devtlb.yaml by uapi/generate: change that. */
#include <net/netlink.h>

#include "devtlb.h"
#include "netlink/operations.h"
#include "netlink/request.h"

static const struct nla_policy pasid_policy[DEVTLB_A_PASID_MAX + 1] = {
	[DEVTLB_A_PASID_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_PASID_PID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_PASID_FRACTURE] = { .type = NLA_FLAG },
};

/* Not const: 6.1 has no such pointer. */
static struct netlink_range_validation watch_processes_max_range = {
	.min = 1,
	.max = DEVTLB_WATCH_PROCESSES_MAX,
};

static const struct nla_policy watch_policy[DEVTLB_A_WATCH_MAX + 1] = {
	[DEVTLB_A_WATCH_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_WATCH_PID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_WATCH_FROM_EXEC] = { .type = NLA_FLAG },
	[DEVTLB_A_WATCH_PROCESSES_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &watch_processes_max_range),
	[DEVTLB_A_WATCH_TRANSLATIONS_MAX] = NLA_POLICY_MIN(NLA_U64, 1),
	[DEVTLB_A_WATCH_SHARE] = NLA_POLICY_RANGE(NLA_U32, 1, DEVTLB_WATCH_SHARE_MAX),
	[DEVTLB_A_WATCH_WRITE] = { .type = NLA_FLAG },
	[DEVTLB_A_WATCH_FRACTURE] = { .type = NLA_FLAG },
};

static const struct nla_policy thread_policy[DEVTLB_A_THREAD_MAX + 1] = {
	[DEVTLB_A_THREAD_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_THREAD_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_THREAD_PROGRAM] = {
		.type = NLA_BINARY,
		.len = 2048,
	},
	[DEVTLB_A_THREAD_CHECK_EVERY] = { .type = NLA_U32 },
};

/* Not const: 6.1 has no such pointer. */
static struct netlink_range_validation mutant_probability_range = {
	.min = 1,
	.max = DEVTLB_CERTAIN,
};

static const struct nla_policy mutant_policy[DEVTLB_A_MUTANT_MAX + 1] = {
	[DEVTLB_A_MUTANT_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_MUTANT_KIND] = NLA_POLICY_RANGE(NLA_U32, 1, DEVTLB_MUTANT_MAX),
	[DEVTLB_A_MUTANT_SITE] = {
		.type = NLA_NUL_STRING,
		.len = DEVTLB_CHAIN_MAX - 1,
	},
	[DEVTLB_A_MUTANT_WHOLE_CHAIN] = { .type = NLA_FLAG },
	[DEVTLB_A_MUTANT_NTH] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_MUTANT_TIMES] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_MUTANT_PROBABILITY] = NLA_POLICY_FULL_RANGE(NLA_U32, &mutant_probability_range),
	[DEVTLB_A_MUTANT_SEED] = { .type = NLA_U64 },
	[DEVTLB_A_MUTANT_DELAY] = NLA_POLICY_RANGE(NLA_U32, 0, DEVTLB_DEFER_MAX),
	[DEVTLB_A_MUTANT_OTHER] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_MUTANT_WATCH] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_MUTANT_PAGES_MIN] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_MUTANT_PAGES_MAX] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_MUTANT_EVERY] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_MUTANT_ONLY] = NLA_POLICY_RANGE(NLA_U32, 1, DEVTLB_ONLY_MAX),
};

/* Not const: 6.1 has no such pointer. */
static struct netlink_range_validation window_range_end_range = {
	.min = 0,
	.max = DEVTLB_RANGE_END_DELAY_MAX,
};

/* Not const: 6.1 has no such pointer. */
static struct netlink_range_validation window_function_delay_range = {
	.min = 0,
	.max = DEVTLB_FUNCTION_DELAY_MAX,
};

static const struct nla_policy window_policy[DEVTLB_A_WINDOW_MAX + 1] = {
	[DEVTLB_A_WINDOW_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_WINDOW_RANGE_END] = NLA_POLICY_FULL_RANGE(NLA_U32, &window_range_end_range),
	[DEVTLB_A_WINDOW_FUNCTION] = {
		.type = NLA_NUL_STRING,
		.len = DEVTLB_SYMBOL_MAX - 1,
	},
	[DEVTLB_A_WINDOW_FUNCTION_DELAY] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &window_function_delay_range),
};

static const struct nla_policy operation_policy[DEVTLB_A_OPERATION_MAX + 1] = {
	[DEVTLB_A_OPERATION_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_OPERATION_START] = { .type = NLA_U64 },
	[DEVTLB_A_OPERATION_BYTES] = NLA_POLICY_MIN(NLA_U64, 1),
};

static const struct nla_policy audit_policy[DEVTLB_A_AUDIT_MAX + 1] = {
	[DEVTLB_A_AUDIT_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
};

static const struct nla_policy prefetch_policy[DEVTLB_A_PREFETCH_MAX + 1] = {
	[DEVTLB_A_PREFETCH_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_PREFETCH_VA] = { .type = NLA_U64 },
	[DEVTLB_A_PREFETCH_SIZE] = NLA_POLICY_MIN(NLA_U64, 1),
	[DEVTLB_A_PREFETCH_WRITE] = { .type = NLA_FLAG },
	[DEVTLB_A_PREFETCH_AGAIN] = { .type = NLA_FLAG },
};

static const struct nla_policy site_policy[DEVTLB_A_SITE_MAX + 1] = {
	[DEVTLB_A_SITE_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_SITE_ID] = { .type = NLA_U32 },
	[DEVTLB_A_SITE_WATCH] = NLA_POLICY_MIN(NLA_U32, 1),
};

static const struct nla_policy finding_policy[DEVTLB_A_FINDING_MAX + 1] = {
	[DEVTLB_A_FINDING_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_FINDING_SEQ] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_FINDING_WATCH] = NLA_POLICY_MIN(NLA_U32, 1),
};

const struct genl_ops devtlb_nl_ops[18] = {
	{
		.cmd = DEVTLB_CMD_INFO_GET,
		.flags = GENL_ADMIN_PERM,
		.doit = devtlb_nl_info_get_doit,
	}, {
		.cmd = DEVTLB_CMD_PASID_BIND,
		.internal_flags = DEVTLB_NL_JOB,
		.flags = GENL_ADMIN_PERM,
		.policy = pasid_policy,
		.maxattr = DEVTLB_A_PASID_MAX,
		.doit = devtlb_nl_pasid_bind_doit,
	}, {
		.cmd = DEVTLB_CMD_PASID_UNBIND,
		.internal_flags = DEVTLB_NL_JOB,
		.flags = GENL_ADMIN_PERM,
		.policy = pasid_policy,
		.maxattr = DEVTLB_A_PASID_MAX,
		.doit = devtlb_nl_pasid_unbind_doit,
	}, {
		.cmd = DEVTLB_CMD_PASID_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = pasid_policy,
		.maxattr = DEVTLB_A_PASID_MAX,
		.doit = devtlb_nl_pasid_get_doit,
		.start = devtlb_nl_start,
		.dumpit = devtlb_nl_pasid_get_dumpit,
	}, {
		.cmd = DEVTLB_CMD_THREAD_START,
		.internal_flags = DEVTLB_NL_JOB | DEVTLB_NL_LOCK,
		.flags = GENL_ADMIN_PERM,
		.policy = thread_policy,
		.maxattr = DEVTLB_A_THREAD_MAX,
		.doit = devtlb_nl_thread_start_doit,
	}, {
		.cmd = DEVTLB_CMD_THREAD_STOP,
		.internal_flags = DEVTLB_NL_JOB | DEVTLB_NL_LOCK,
		.flags = GENL_ADMIN_PERM,
		.policy = thread_policy,
		.maxattr = DEVTLB_A_THREAD_MAX,
		.doit = devtlb_nl_thread_stop_doit,
	}, {
		.cmd = DEVTLB_CMD_THREAD_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = thread_policy,
		.maxattr = DEVTLB_A_THREAD_MAX,
		.doit = devtlb_nl_thread_get_doit,
		.start = devtlb_nl_start,
		.dumpit = devtlb_nl_thread_get_dumpit,
	}, {
		.cmd = DEVTLB_CMD_MUTANT_ADD,
		.internal_flags = DEVTLB_NL_JOB | DEVTLB_NL_LOCK,
		.flags = GENL_ADMIN_PERM,
		.policy = mutant_policy,
		.maxattr = DEVTLB_A_MUTANT_MAX,
		.doit = devtlb_nl_mutant_add_doit,
	}, {
		.cmd = DEVTLB_CMD_AUDIT,
		.internal_flags = DEVTLB_NL_JOB | DEVTLB_NL_EACH,
		.flags = GENL_ADMIN_PERM,
		.policy = audit_policy,
		.maxattr = DEVTLB_A_AUDIT_MAX,
		.doit = devtlb_nl_audit_doit,
	}, {
		.cmd = DEVTLB_CMD_SITE_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = site_policy,
		.maxattr = DEVTLB_A_SITE_MAX,
		.doit = devtlb_nl_site_get_doit,
		.start = devtlb_nl_start,
		.dumpit = devtlb_nl_site_get_dumpit,
	}, {
		.cmd = DEVTLB_CMD_FINDING_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = finding_policy,
		.maxattr = DEVTLB_A_FINDING_MAX,
		.doit = devtlb_nl_finding_get_doit,
		.start = devtlb_nl_start,
		.dumpit = devtlb_nl_finding_get_dumpit,
	}, {
		.cmd = DEVTLB_CMD_WINDOW_SET,
		.internal_flags = DEVTLB_NL_JOB | DEVTLB_NL_LOCK,
		.flags = GENL_ADMIN_PERM,
		.policy = window_policy,
		.maxattr = DEVTLB_A_WINDOW_MAX,
		.doit = devtlb_nl_window_set_doit,
	}, {
		.cmd = DEVTLB_CMD_WATCH_START,
		.flags = GENL_ADMIN_PERM,
		.policy = watch_policy,
		.maxattr = DEVTLB_A_WATCH_MAX,
		.doit = devtlb_nl_watch_start_doit,
	}, {
		.cmd = DEVTLB_CMD_WATCH_ADD,
		.internal_flags = DEVTLB_NL_JOB,
		.flags = GENL_ADMIN_PERM,
		.policy = watch_policy,
		.maxattr = DEVTLB_A_WATCH_MAX,
		.doit = devtlb_nl_watch_add_doit,
	}, {
		.cmd = DEVTLB_CMD_WATCH_STOP,
		.internal_flags = DEVTLB_NL_JOB,
		.flags = GENL_ADMIN_PERM,
		.policy = watch_policy,
		.maxattr = DEVTLB_A_WATCH_MAX,
		.doit = devtlb_nl_watch_stop_doit,
	}, {
		.cmd = DEVTLB_CMD_WATCH_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = watch_policy,
		.maxattr = DEVTLB_A_WATCH_MAX,
		.doit = devtlb_nl_watch_get_doit,
		.start = devtlb_nl_start,
		.dumpit = devtlb_nl_watch_get_dumpit,
	}, {
		.cmd = DEVTLB_CMD_OPERATION_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = operation_policy,
		.maxattr = DEVTLB_A_OPERATION_MAX,
		.doit = devtlb_nl_operation_set_doit,
	}, {
		.cmd = DEVTLB_CMD_PREFETCH,
		.internal_flags = DEVTLB_NL_JOB | DEVTLB_NL_EACH,
		.flags = GENL_ADMIN_PERM,
		.policy = prefetch_policy,
		.maxattr = DEVTLB_A_PREFETCH_MAX,
		.doit = devtlb_nl_prefetch_doit,
	},
};

const struct genl_multicast_group devtlb_nl_mcgrps[1] = {
	{
		.name = DEVTLB_GENL_FINDINGS,
		.flags = GENL_MCAST_CAP_SYS_ADMIN,
	},
};
