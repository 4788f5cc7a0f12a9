/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module is written against the newest kernel; this header, included before
 * everything else, makes older ones look like it. What can be probed is probed
 * when the module is built (Kbuild), so that a distribution's backports are
 * seen.
 */
#ifndef DEVTLB_COMPAT_H
#define DEVTLB_COMPAT_H

/* Must come before <linux/printk.h>, so it is here. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mmu_notifier.h>

#include "devtlb.h"

/* 6.6: ->invalidate_range became ->arch_invalidate_secondary_tlbs. */
#ifdef DEVTLB_HAVE_ARCH_INVALIDATE_SECONDARY_TLBS
#define DEVTLB_THIS_CALLBACK	DEVTLB_CALLBACK_ARCH_INVALIDATE
#else
#define DEVTLB_THIS_CALLBACK	DEVTLB_CALLBACK_INVALIDATE_RANGE
#define arch_invalidate_secondary_tlbs	invalidate_range
#endif

/*
 * 6.6: a dump has a struct genl_info; before, one of its own with the same
 * attrs.
 */
#ifndef DEVTLB_HAVE_GENL_INFO_DUMP
#define genl_info_dump(cb)	genl_dumpit_info(cb)
#endif

/* 6.2: hooks of a family see the one half of an operation that is called. */
struct genl_ops;
struct genl_split_ops;
#ifdef DEVTLB_HAVE_GENL_SPLIT_OPS
#define devtlb_genl_op	struct genl_split_ops
#else
#define devtlb_genl_op	struct genl_ops
#endif

#endif /* DEVTLB_COMPAT_H */
