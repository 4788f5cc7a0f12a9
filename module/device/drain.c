// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drains: wait for what device threads have in flight. See section.h, and the
 * races at the top of atc.c.
 */
#include <linux/compiler.h>
#include <linux/rculist.h>
#include <linux/srcu.h>

#include "device/atc.h"
#include "device/drain.h"
#include "device/section.h"

/* Waits for what is in flight of one kind: @section is a member of a user. */
static void drain_sections(struct devtlb_atc *atc, size_t section)
{
	struct devtlb_atc_user *user;

	/* Pairs with the barrier in devtlb_section_begin(). */
	smp_mb();
	rcu_read_lock();
	list_for_each_entry_rcu(user, &atc->users, entry)
		devtlb_section_wait((void *)user + section);
	rcu_read_unlock();
}

/**
 * devtlb_atc_drain() - wait until no access in flight uses a dead translation
 * @atc: its translations that matter were marked dead before
 *
 * Context: any, but under atc->lock or a lock that an access takes.
 */
void devtlb_atc_drain(struct devtlb_atc *atc)
{
	drain_sections(atc, offsetof(struct devtlb_atc_user, accessing));
}

/**
 * devtlb_atc_drain_walks() - wait until no fill in flight walks the page table
 * @atc: was closed before, under its lock
 *
 * Context: as devtlb_atc_drain().
 */
void devtlb_atc_drain_walks(struct devtlb_atc *atc)
{
	drain_sections(atc, offsetof(struct devtlb_atc_user, walking));
}

/**
 * devtlb_atc_guard_stores() - make no store that the page table does not grant
 * @atc: the ATC
 *
 * For mutants (invariant 6). There is no way back.
 *
 * Context: as devtlb_atc_drain(). When it returns no unguarded store is in
 * flight.
 */
void devtlb_atc_guard_stores(struct devtlb_atc *atc)
{
	WRITE_ONCE(atc->guard_stores, true);
	devtlb_atc_drain(atc);
}

/* Accesses with EARLY_ACK: from the lookup to the last use of what it found. */
DEFINE_STATIC_SRCU(late_accesses);

/**
 * devtlb_late_access_begin() - an access with DEVTLB_MUTANT_EARLY_ACK begins
 *
 * Return: for devtlb_late_access_end().
 */
int devtlb_late_access_begin(void)
	__acquires(&late_accesses)
{
	return srcu_read_lock(&late_accesses);
}

void devtlb_late_access_end(int in_flight)
	__releases(&late_accesses)
{
	srcu_read_unlock(&late_accesses, in_flight);
}

/**
 * devtlb_atc_drain_late() - wait for accesses that nobody else waits for, too
 * @atc: what DEVTLB_MUTANT_EARLY_ACK acknowledged was marked dead before
 *
 * Context: may sleep.
 */
void devtlb_atc_drain_late(struct devtlb_atc *atc)
{
	synchronize_srcu(&late_accesses);
	devtlb_atc_drain(atc);
}
