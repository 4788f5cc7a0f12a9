/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hooks: what the device tells whoever looks at it from above. One table, which
 * the module sets before anything is bound; the device knows no more of them.
 */
#ifndef DEVTLB_HOOKS_H
#define DEVTLB_HOOKS_H

#include <linux/types.h>

#include "device/table_level.h"

struct devtlb_notification;
struct devtlb_page;
struct devtlb_pasid;
struct devtlb_translation;

/**
 * struct devtlb_load - a load that was just made through a translation
 * @got: what it returned
 * @by: the device thread
 */
struct devtlb_load {
	u64 got;
	u32 by;
};

/**
 * enum devtlb_sighting - where another page is seen under a live translation
 * @DEVTLB_IN_ACCESS: in an access through the translation
 * @DEVTLB_IN_FILL: in a fill, with atc->lock held
 * @DEVTLB_IN_KERNEL: in a callback or probe, with atc->lock held: the stack is
 *	that of the kernel function that switched the entry, or told so too late
 */
enum devtlb_sighting {
	DEVTLB_IN_ACCESS,
	DEVTLB_IN_FILL,
	DEVTLB_IN_KERNEL,
};

/* A fill installs a page, and a table of each level. */
#define DEVTLB_FILED_MAX	(1 + DEVTLB_TABLE_LEVELS)

/**
 * struct devtlb_filing - memory that the hook @filled may need; whoever fills has
 *	some
 * @spare: memory; whose, and what for, the device does not know
 * @nr: how many there are
 */
struct devtlb_filing {
	void *spare[DEVTLB_FILED_MAX];
	unsigned int nr;
};

/**
 * struct devtlb_hooks - what happens to the translations of a device
 * @supplying: have enough in @filing for what one fill installs. May sleep;
 *	0 or -ENOMEM
 * @unsupplied: free what is left in @filing. May sleep
 * @filled: a translation, or a table of the page-walk cache, is about to be
 *	installed; the fill looks at the page table once more afterwards.
 *	@supplying was called for @filing since the last fill. atc->lock held
 * @released: no access can be made through a translation any more, and its
 *	memory is about to be used again; or it was filled and not installed. No
 *	lock held, or atc->lock
 * @sighted: a look at the page table found a page at @va, where a translation
 *	of another one lives; @load is what was just loaded through it, or NULL.
 *	Interrupts off; devtlb_look() can be used for @va
 * @replacing: a fill found @page at @va, where a live translation is, which it
 *	removes. atc->lock held
 * @invalidating: a notification is about to remove a translation. atc->lock
 *	held
 * @withheld: a mutant withholds a notification that would have removed a
 *	translation; the site that it was marked with before is still there.
 *	atc->lock held
 * @suppressed: a store through a translation was not made (invariant 6).
 *	Interrupts off, in the access
 * @releasing: the kernel says that an address space goes away; its translations
 *	are still there, and can still be compared. May sleep
 *
 * The others may not sleep or allocate, nor take a lock under which anything is
 * allocated or freed (invariant 3).
 */
struct devtlb_hooks {
	int (*supplying)(struct devtlb_filing *filing);
	void (*unsupplied)(struct devtlb_filing *filing);
	void (*filled)(struct devtlb_translation *translation,
		       struct devtlb_filing *filing);
	void (*released)(struct devtlb_translation *translation);
	void (*sighted)(struct devtlb_translation *translation,
			unsigned long va, const struct devtlb_page *page,
			enum devtlb_sighting sighting,
			const struct devtlb_load *load);
	void (*replacing)(struct devtlb_translation *translation,
			  unsigned long va, const struct devtlb_page *page);
	void (*invalidating)(struct devtlb_translation *translation,
			     const struct devtlb_notification *notification);
	void (*withheld)(struct devtlb_translation *translation,
			 const struct devtlb_notification *notification);
	void (*suppressed)(struct devtlb_translation *translation);
	void (*releasing)(struct devtlb_pasid *pasid);
};

extern const struct devtlb_hooks *devtlb_hooks;

#endif /* DEVTLB_HOOKS_H */
