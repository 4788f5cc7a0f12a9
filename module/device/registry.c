// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registries: what has a number, belongs to a socket, and dies with it
 * (invariant 7).
 *
 * Life of an object: its number is reserved; it is published; it ends by
 * whoever takes it out of the list first: by number, at the end of its socket,
 * or at rmmod. The memory stays until the last reference is put, for readers
 * that found it in the list before.
 */
#include <linux/gfp.h>

#include "device/registry.h"

void devtlb_object_init(struct devtlb_object *object, u32 owner,
			const struct devtlb_object_ops *ops)
{
	object->owner = owner;
	object->ops = ops;
	kref_init(&object->ref);
}

static void object_free(struct kref *ref)
{
	struct devtlb_object *object = container_of(ref, struct devtlb_object,
						    ref);

	object->ops->free(object);
}

/**
 * devtlb_object_put() - let go of an object
 * @object: from devtlb_registry_get() and the like
 *
 * Context: as its free operation.
 */
void devtlb_object_put(struct devtlb_object *object)
{
	kref_put(&object->ref, object_free);
}

/**
 * devtlb_registry_reserve() - reserve a number for an object
 * @registry: of its kind
 * @object: initialised; gets the number
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int devtlb_registry_reserve(struct devtlb_registry *registry,
			    struct devtlb_object *object)
{
	/* Cyclic: somebody may still know the last one by its number. */
	int err = xa_alloc_cyclic(&registry->objects, &object->id, NULL,
				  xa_limit_31b, &registry->next_id, GFP_KERNEL);

	return err < 0 ? err : 0;
}

/**
 * devtlb_registry_cancel() - give a reserved number back
 * @registry: of the object's kind
 * @object: was not published
 *
 * Context: any.
 */
void devtlb_registry_cancel(struct devtlb_registry *registry,
			    struct devtlb_object *object)
{
	xa_erase(&registry->objects, object->id);
}

/**
 * devtlb_registry_publish() - let others find an object by its number
 * @registry: of the object's kind
 * @object: complete, its number reserved; the list gets a reference of its own
 *
 * Context: may sleep.
 */
void devtlb_registry_publish(struct devtlb_registry *registry,
			     struct devtlb_object *object)
{
	devtlb_object_get(object);
	/* Its place is there: this cannot fail. */
	xa_store(&registry->objects, object->id, object, GFP_KERNEL);
}

/**
 * devtlb_registry_get() - find an object
 * @registry: of its kind
 * @id: its number
 *
 * Return: the object with a reference, or NULL.
 */
struct devtlb_object *devtlb_registry_get(struct devtlb_registry *registry,
					  u32 id)
{
	struct devtlb_object *object;

	xa_lock(&registry->objects);
	object = xa_load(&registry->objects, id);
	if (object)
		devtlb_object_get(object);
	xa_unlock(&registry->objects);
	return object;
}

/**
 * devtlb_registry_get_next() - find the next object
 * @registry: of its kind
 * @id: the lowest number that will do; receives the one found
 *
 * Return: the object with a reference, or NULL.
 */
struct devtlb_object *devtlb_registry_get_next(struct devtlb_registry *registry,
					       u32 *id)
{
	struct devtlb_object *object;
	unsigned long index = *id;

	xa_lock(&registry->objects);
	object = xa_find(&registry->objects, &index, U32_MAX, XA_PRESENT);
	if (object)
		devtlb_object_get(object);
	xa_unlock(&registry->objects);
	*id = index;
	return object;
}

/**
 * devtlb_registry_count() - how many objects there are
 * @registry: of the kind
 *
 * Return: their number.
 */
u32 devtlb_registry_count(struct devtlb_registry *registry)
{
	struct devtlb_object *object;
	unsigned long id;
	u32 nr = 0;

	xa_for_each(&registry->objects, id, object)
		nr++;
	return nr;
}

/**
 * devtlb_object_end() - end an object
 * @registry: of its kind
 * @object: the caller has a reference
 *
 * Context: may sleep. When it returns the object has ended, unless somebody else
 * ends it: then that one sees to it.
 */
void devtlb_object_end(struct devtlb_registry *registry,
		       struct devtlb_object *object)
{
	if (xa_cmpxchg(&registry->objects, object->id, object, NULL,
		       GFP_KERNEL) != object)
		return;
	object->ops->end(object);
	devtlb_object_put(object);
}

/* @owner: whose; 0 for all. */
static void registry_end(struct devtlb_registry *registry, u32 owner)
{
	struct devtlb_object *object;
	u32 id = 0;

	while ((object = devtlb_registry_get_next(registry, &id))) {
		if (!owner || object->owner == owner)
			devtlb_object_end(registry, object);
		devtlb_object_put(object);
		id++;
	}
}

/**
 * devtlb_registry_end_owner() - end what belongs to a socket (invariant 7)
 * @registry: of the kind
 * @owner: the socket's number as an owner, not 0
 *
 * Context: may sleep.
 */
void devtlb_registry_end_owner(struct devtlb_registry *registry, u32 owner)
{
	registry_end(registry, owner);
}

/**
 * devtlb_registry_end_all() - end everything, at rmmod
 * @registry: of the kind; nobody can publish any more
 *
 * Context: may sleep.
 */
void devtlb_registry_end_all(struct devtlb_registry *registry)
{
	registry_end(registry, 0);
}
