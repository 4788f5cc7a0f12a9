// SPDX-License-Identifier: GPL-2.0-only
/* Generated from uapi/devtlb.yaml by uapi/generate: change that. */
#include "netlink/policy.h"

const struct nla_policy devtlb_pasid_policy[DEVTLB_A_PASID_MAX + 1] = {
	[DEVTLB_A_PASID_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_PASID_PID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_PASID_FRACTURE] = { .type = NLA_FLAG },
};

/* Not const: 6.1 has no such pointer. */
static struct netlink_range_validation watch_processes_max_range = {
	.min = 1,
	.max = DEVTLB_WATCH_PROCESSES_MAX,
};

const struct nla_policy devtlb_watch_policy[DEVTLB_A_WATCH_MAX + 1] = {
	[DEVTLB_A_WATCH_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_WATCH_PID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_WATCH_FROM_EXEC] = { .type = NLA_FLAG },
	[DEVTLB_A_WATCH_PROCESSES_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &watch_processes_max_range),
	[DEVTLB_A_WATCH_TRANSLATIONS_MAX] = NLA_POLICY_MIN(NLA_U64, 1),
	[DEVTLB_A_WATCH_SHARE] = NLA_POLICY_RANGE(NLA_U32, 1, DEVTLB_WATCH_SHARE_MAX),
	[DEVTLB_A_WATCH_WRITE] = { .type = NLA_FLAG },
	[DEVTLB_A_WATCH_FRACTURE] = { .type = NLA_FLAG },
};

const struct nla_policy devtlb_thread_policy[DEVTLB_A_THREAD_MAX + 1] = {
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

const struct nla_policy devtlb_mutant_policy[DEVTLB_A_MUTANT_MAX + 1] = {
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

const struct nla_policy devtlb_window_policy[DEVTLB_A_WINDOW_MAX + 1] = {
	[DEVTLB_A_WINDOW_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_WINDOW_RANGE_END] = NLA_POLICY_FULL_RANGE(NLA_U32, &window_range_end_range),
	[DEVTLB_A_WINDOW_FUNCTION] = {
		.type = NLA_NUL_STRING,
		.len = DEVTLB_SYMBOL_MAX - 1,
	},
	[DEVTLB_A_WINDOW_FUNCTION_DELAY] = NLA_POLICY_RANGE(NLA_U32, 0, DEVTLB_FUNCTION_DELAY_MAX),
};

const struct nla_policy devtlb_audit_policy[DEVTLB_A_AUDIT_MAX + 1] = {
	[DEVTLB_A_AUDIT_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
};

const struct nla_policy devtlb_site_policy[DEVTLB_A_SITE_MAX + 1] = {
	[DEVTLB_A_SITE_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_SITE_WATCH] = NLA_POLICY_MIN(NLA_U32, 1),
};

const struct nla_policy devtlb_finding_policy[DEVTLB_A_FINDING_MAX + 1] = {
	[DEVTLB_A_FINDING_PASID] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVTLB_A_FINDING_WATCH] = NLA_POLICY_MIN(NLA_U32, 1),
};
