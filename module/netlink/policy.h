/* SPDX-License-Identifier: GPL-2.0-only */
/* Generated from uapi/devtlb.yaml by uapi/generate: change that. */
#ifndef DEVTLB_NETLINK_POLICY_H
#define DEVTLB_NETLINK_POLICY_H

#include <net/netlink.h>

#include "devtlb.h"

extern const struct nla_policy devtlb_pasid_policy[DEVTLB_A_PASID_MAX + 1];
extern const struct nla_policy devtlb_watch_policy[DEVTLB_A_WATCH_MAX + 1];
extern const struct nla_policy devtlb_thread_policy[DEVTLB_A_THREAD_MAX + 1];
extern const struct nla_policy devtlb_mutant_policy[DEVTLB_A_MUTANT_MAX + 1];
extern const struct nla_policy devtlb_window_policy[DEVTLB_A_WINDOW_MAX + 1];
extern const struct nla_policy devtlb_audit_policy[DEVTLB_A_AUDIT_MAX + 1];
extern const struct nla_policy devtlb_site_policy[DEVTLB_A_SITE_MAX + 1];
extern const struct nla_policy devtlb_finding_policy[DEVTLB_A_FINDING_MAX + 1];

#endif /* DEVTLB_NETLINK_POLICY_H */
