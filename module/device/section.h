/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_SECTION_H
#define DEVTLB_SECTION_H

#include <linux/atomic.h>
#include <linux/processor.h>

/*
 * Sections: what a thread does that others wait for. A section is a number that
 * only its own thread writes: odd while the thread is inside. Whoever waits must
 * have a full barrier between what it changed and its look at the section:
 * drain_sections() in drain.c.
 */
static inline void devtlb_section_begin(unsigned long *section)
{
	WRITE_ONCE(*section, *section + 1);
	/* Pairs with the barrier in drain_sections(). */
	smp_mb();
}

static inline void devtlb_section_end(unsigned long *section)
{
	/* Pairs with the acquire in devtlb_section_wait(). */
	smp_store_release(section, *section + 1);
}

static inline void devtlb_section_wait(const unsigned long *section)
{
	unsigned long seen = smp_load_acquire(section);

	if (!(seen & 1))
		return;
	while (smp_load_acquire(section) == seen)
		cpu_relax();
}

#endif /* DEVTLB_SECTION_H */
