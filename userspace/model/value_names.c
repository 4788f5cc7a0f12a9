// SPDX-License-Identifier: GPL-2.0-only
/* Generated from uapi/devtlb.yaml by uapi/generate: change that. */
#include <stddef.h>

#include "devtlb.h"
#include "model/value_names.h"

const char * const callback_names[] = {
	[DEVTLB_CALLBACK_INVALIDATE_RANGE] = "invalidate_range",
	[DEVTLB_CALLBACK_ARCH_INVALIDATE] = "arch_invalidate_secondary_tlbs",
	NULL
};

const char * const op_names[] = {
	[0] = "?",
	[DEVTLB_OP_LOAD] = "load",
	[DEVTLB_OP_STORE] = "store",
	[DEVTLB_OP_SET] = "set",
	[DEVTLB_OP_ADD] = "add",
	[DEVTLB_OP_FENCE] = "fence",
	[DEVTLB_OP_WAIT] = "wait",
	[DEVTLB_OP_LOOP] = "loop",
	[DEVTLB_OP_LOG] = "log",
	NULL
};

const char * const thread_state_names[] = {
	[DEVTLB_THREAD_RUNNING] = "running",
	[DEVTLB_THREAD_FINISHED] = "finished",
	[DEVTLB_THREAD_STOPPED] = "stopped",
	[DEVTLB_THREAD_RELEASED] = "released",
	NULL
};

const char * const mutant_names[] = {
	[0] = "?",
	[DEVTLB_MUTANT_DROP] = "drop",
	[DEVTLB_MUTANT_DEFER] = "defer",
	[DEVTLB_MUTANT_LATE] = "late",
	[DEVTLB_MUTANT_TRIM] = "trim",
	[DEVTLB_MUTANT_MISROUTE] = "misroute",
	[DEVTLB_MUTANT_EARLY_ACK] = "early-ack",
	[DEVTLB_MUTANT_NO_RECHECK] = "no-recheck",
	[DEVTLB_MUTANT_EXACT_MATCH] = "exact-match",
	[DEVTLB_MUTANT_NO_SENTINEL] = "no-sentinel",
	[DEVTLB_MUTANT_PROT_NONE] = "prot-none",
	[DEVTLB_MUTANT_NO_DIRTY] = "no-dirty",
	[DEVTLB_MUTANT_UPGRADE] = "upgrade",
	[DEVTLB_MUTANT_NO_RELEASE] = "no-release",
	[DEVTLB_MUTANT_KEEP_TABLES] = "keep-tables",
	[DEVTLB_MUTANT_FRACTURE_HEAD] = "fracture-head",
	[DEVTLB_MUTANT_FIRST_PAGE] = "first-page",
	[DEVTLB_MUTANT_LAST_PAGE] = "last-page",
	[DEVTLB_MUTANT_BEYOND_TABLE] = "beyond-table",
	[DEVTLB_MUTANT_BEYOND_PUD] = "beyond-pud",
	NULL
};

const char * const only_names[] = {
	[0] = "?",
	[DEVTLB_ONLY_WRITABLE] = "writable",
	[DEVTLB_ONLY_SHARED] = "shared",
	[DEVTLB_ONLY_PTE_MAPPED] = "pte-mapped",
	[DEVTLB_ONLY_FOREIGN] = "foreign",
	[DEVTLB_ONLY_TABLES] = "tables",
	NULL
};

const char * const rule_names[] = {
	[0] = "?",
	[DEVTLB_RULE_A] = "A",
	[DEVTLB_RULE_B] = "B",
	[DEVTLB_RULE_C] = "C",
	[DEVTLB_RULE_D] = "D",
	NULL
};

const char * const breach_names[] = {
	[0] = "?",
	[DEVTLB_BREACH_FREED] = "freed",
	[DEVTLB_BREACH_SWITCHED] = "switched",
	[DEVTLB_BREACH_MISSING] = "missing",
	[DEVTLB_BREACH_OTHER_PAGE] = "other-page",
	[DEVTLB_BREACH_MORE_PERMISSIVE] = "more-permissive",
	[DEVTLB_BREACH_PARTLY_COVERED] = "partly-covered",
	[DEVTLB_BREACH_CLEAN] = "clean",
	[DEVTLB_BREACH_TABLE_FREED] = "table-freed",
	[DEVTLB_BREACH_COPIED] = "copied",
	[DEVTLB_BREACH_TABLE_DETACHED] = "table-detached",
	NULL
};
