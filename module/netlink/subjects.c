// SPDX-License-Identifier: GPL-2.0-only
/* Generated from uapi/devtlb.yaml by uapi/generate: change that. */
#include "netlink/subjects.h"

const struct devtlb_nl_subjects devtlb_nl_subjects[DEVTLB_CMD_MAX + 1] = {
	[DEVTLB_CMD_PASID_UNBIND] = {
		.pasid = DEVTLB_A_PASID_ID,
	},
	[DEVTLB_CMD_PASID_GET] = {
		.pasid = DEVTLB_A_PASID_ID,
	},
	[DEVTLB_CMD_THREAD_START] = {
		.pasid = DEVTLB_A_THREAD_PASID,
	},
	[DEVTLB_CMD_THREAD_STOP] = {
		.pasid = DEVTLB_A_THREAD_PASID,
	},
	[DEVTLB_CMD_THREAD_GET] = {
		.pasid = DEVTLB_A_THREAD_PASID,
	},
	[DEVTLB_CMD_MUTANT_ADD] = {
		.pasid = DEVTLB_A_MUTANT_PASID,
		.watch = DEVTLB_A_MUTANT_WATCH,
	},
	[DEVTLB_CMD_AUDIT] = {
		.pasid = DEVTLB_A_AUDIT_PASID,
	},
	[DEVTLB_CMD_SITE_GET] = {
		.pasid = DEVTLB_A_SITE_PASID,
		.watch = DEVTLB_A_SITE_WATCH,
	},
	[DEVTLB_CMD_FINDING_GET] = {
		.pasid = DEVTLB_A_FINDING_PASID,
		.watch = DEVTLB_A_FINDING_WATCH,
	},
	[DEVTLB_CMD_WINDOW_SET] = {
		.pasid = DEVTLB_A_WINDOW_PASID,
	},
	[DEVTLB_CMD_WATCH_ADD] = {
		.watch = DEVTLB_A_WATCH_ID,
	},
	[DEVTLB_CMD_WATCH_STOP] = {
		.watch = DEVTLB_A_WATCH_ID,
	},
	[DEVTLB_CMD_WATCH_GET] = {
		.watch = DEVTLB_A_WATCH_ID,
	},
	[DEVTLB_CMD_OPERATION_SET] = {
		.pasid = DEVTLB_A_OPERATION_PASID,
	},
	[DEVTLB_CMD_PREFETCH] = {
		.pasid = DEVTLB_A_PREFETCH_PASID,
	},
};
