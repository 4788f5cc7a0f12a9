// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bindings: an address space under the device, from bind to unbind. The one
 * place that knows of what a PASID is composed: device, notifier, detectors,
 * mutants.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "detect/finding.h"
#include "detect/detector.h"
#include "device/thread.h"
#include "watch/binding.h"

static struct devtlb_registry pasids = DEVTLB_REGISTRY_INIT(pasids);

static struct devtlb_pasid *pasid_of(struct devtlb_object *object)
{
	return object ? container_of(object, struct devtlb_pasid, object) : NULL;
}

static void binding_free(struct devtlb_object *object)
{
	struct devtlb_pasid *pasid = pasid_of(object);
	struct devtlb_binding *binding = devtlb_binding_of(pasid);

	devtlb_findings_put(binding->subject.findings);
	devtlb_notifier_destroy(&binding->subject.notifier);
	devtlb_pasid_destroy(pasid);
	kfree(binding);
}

static void binding_end(struct devtlb_object *object)
{
	struct devtlb_pasid *pasid = pasid_of(object);
	struct devtlb_binding *binding = devtlb_binding_of(pasid);

	/* Its RCU grace period is that of devtlb_threads_stop(). */
	devtlb_subject_hide(&binding->subject);
	devtlb_pasid_lock_for_good(pasid);
	devtlb_threads_stop(pasid);
	mutex_unlock(&pasid->jobs);

	devtlb_notifier_stop(&binding->subject.notifier);
	devtlb_mutants_destroy(&binding->mutants);
	/* Before the probes go: what a mutant kept must not outlive them. */
	devtlb_atc_destroy(&pasid->atc);
	devtlb_probe_set_put(&devtlb_detectors);
	devtlb_findings_tell(binding->subject.findings);
}

static const struct devtlb_object_ops binding_ops = {
	.end = binding_end,
	.free = binding_free,
};

static int binding_init(struct devtlb_binding *binding, struct mm_struct *mm,
			const struct devtlb_binding_spec *spec)
{
	struct devtlb_subject *subject = &binding->subject;
	struct devtlb_pasid *pasid = &subject->notifier.pasid;

	devtlb_object_init(&pasid->object, spec->owner, &binding_ops);
	pasid->pid = spec->pid;
	strscpy(pasid->comm, spec->comm, sizeof(pasid->comm));
	binding->watch = spec->watch;
	devtlb_mutants_init(&binding->mutants);
	/* A program may not live for long enough for another audit. */
	subject->audited_at_exit = spec->watch;
	/* A watch outlives its PASIDs, and keeps what was found about them. */
	subject->findings = spec->findings ? devtlb_findings_get(spec->findings)
					   : devtlb_findings_new();
	if (devtlb_pasid_init(pasid, mm, spec->fracture) ||
	    devtlb_notifier_init(&subject->notifier) || !subject->findings)
		return -ENOMEM;
	return 0;
}

static int binding_start(struct devtlb_binding *binding, bool dont_wait)
{
	struct devtlb_pasid *pasid = &binding->subject.notifier.pasid;
	int err = devtlb_registry_reserve(&pasids, &pasid->object);

	if (err)
		return err;
	err = devtlb_notifier_start(&binding->subject.notifier, dont_wait);
	if (err) {
		devtlb_registry_cancel(&pasids, &pasid->object);
		return err;
	}
	devtlb_subject_show(&binding->subject);
	devtlb_registry_publish(&pasids, &pasid->object);
	return 0;
}

/**
 * devtlb_bind() - bind an address space
 * @mm: the caller holds mm_users
 * @spec: how
 * @extack: receives the reason of a failure; may be NULL
 *
 * Context: may sleep; takes @mm's mmap_lock, and gives up with -EINTR when the
 * task is killed meanwhile, or at once with -EAGAIN if @spec says so.
 * Return: the PASID, with a reference for the caller; or an ERR_PTR().
 */
struct devtlb_pasid *devtlb_bind(struct mm_struct *mm,
				 const struct devtlb_binding_spec *spec,
				 struct netlink_ext_ack *extack)
{
	struct devtlb_binding *binding;
	struct devtlb_pasid *pasid;
	int err;

	err = devtlb_probe_set_get(&devtlb_detectors, extack);
	if (err)
		return ERR_PTR(err);
	err = -ENOMEM;
	binding = kzalloc(sizeof(*binding), GFP_KERNEL);
	if (!binding)
		goto err_probes;
	pasid = &binding->subject.notifier.pasid;
	err = binding_init(binding, mm, spec) ? :
	      binding_start(binding, spec->dont_wait);
	if (!err)
		return pasid;
	devtlb_atc_destroy(&pasid->atc);
	devtlb_pasid_put(pasid);
err_probes:
	devtlb_probe_set_put(&devtlb_detectors);
	return ERR_PTR(err);
}

/**
 * devtlb_unbind() - end a binding
 * @pasid: the caller has a reference
 *
 * Context: may sleep. When it returns no access is made and no callback runs,
 * unless somebody else is unbinding it: then that one sees to it.
 */
void devtlb_unbind(struct devtlb_pasid *pasid)
{
	devtlb_object_end(&pasids, &pasid->object);
}

/**
 * devtlb_unbind_owner() - unbind what belongs to a socket (invariant 7)
 * @owner: the socket's number as an owner
 *
 * Context: may sleep.
 */
void devtlb_unbind_owner(u32 owner)
{
	devtlb_registry_end_owner(&pasids, owner);
}

/**
 * devtlb_unbind_all() - unbind everything, at rmmod
 *
 * Context: may sleep; nobody can bind any more.
 */
void devtlb_unbind_all(void)
{
	devtlb_registry_end_all(&pasids);
}

/**
 * devtlb_pasid_get() - find a PASID
 * @id: its number
 *
 * Return: the PASID with a reference, or NULL.
 */
struct devtlb_pasid *devtlb_pasid_get(u32 id)
{
	return pasid_of(devtlb_registry_get(&pasids, id));
}

/**
 * devtlb_pasid_get_next() - find the next PASID
 * @id: the lowest number that will do; receives the one found
 *
 * Return: the PASID with a reference, or NULL.
 */
struct devtlb_pasid *devtlb_pasid_get_next(u32 *id)
{
	return pasid_of(devtlb_registry_get_next(&pasids, id));
}

/**
 * devtlb_pasid_put() - let go of a PASID
 * @pasid: from devtlb_pasid_get() and the like
 *
 * Context: may sleep.
 */
void devtlb_pasid_put(struct devtlb_pasid *pasid)
{
	devtlb_object_put(&pasid->object);
}

/**
 * devtlb_pasids_bound() - how many there are
 *
 * Return: their number.
 */
u32 devtlb_pasids_bound(void)
{
	return devtlb_registry_count(&pasids);
}
