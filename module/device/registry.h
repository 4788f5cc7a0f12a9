/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_REGISTRY_H
#define DEVTLB_REGISTRY_H

#include <linux/kref.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct devtlb_object;

/**
 * struct devtlb_object_ops - what becomes of a registered object
 * @end: it was taken out of the list: ends what it does. May sleep. Called once
 * @free: nobody refers to it any more
 */
struct devtlb_object_ops {
	void (*end)(struct devtlb_object *object);
	void (*free)(struct devtlb_object *object);
};

/**
 * struct devtlb_object - something that has a number and belongs to a socket
 * @id: its number, unique until it ends
 * @owner: number of whom it belongs to (invariant 7); 0 for nobody
 * @ref: keeps the memory; what it does ends with devtlb_object_end()
 * @ops: see there
 */
struct devtlb_object {
	u32 id;
	u32 owner;
	struct kref ref;
	const struct devtlb_object_ops *ops;
};

/**
 * struct devtlb_registry - the objects of a kind, by number
 * @objects: NULL for a number that is reserved; its xa_lock is a leaf
 * @next_id: to begin to look for a free number
 */
struct devtlb_registry {
	struct xarray objects;
	u32 next_id;
};

#define DEVTLB_REGISTRY_INIT(name) \
	{ .objects = XARRAY_INIT((name).objects, XA_FLAGS_ALLOC1) }

int devtlb_registry_reserve(struct devtlb_registry *registry,
			    struct devtlb_object *object);
void devtlb_registry_cancel(struct devtlb_registry *registry,
			    struct devtlb_object *object);
void devtlb_registry_publish(struct devtlb_registry *registry,
			     struct devtlb_object *object);
struct devtlb_object *devtlb_registry_get(struct devtlb_registry *registry,
					  u32 id);
struct devtlb_object *devtlb_registry_get_next(struct devtlb_registry *registry,
					       u32 *id);
u32 devtlb_registry_count(struct devtlb_registry *registry);
void devtlb_registry_end_owner(struct devtlb_registry *registry, u32 owner);
void devtlb_registry_end_all(struct devtlb_registry *registry);

void devtlb_object_init(struct devtlb_object *object, u32 owner,
			const struct devtlb_object_ops *ops);
void devtlb_object_put(struct devtlb_object *object);
void devtlb_object_end(struct devtlb_registry *registry,
		       struct devtlb_object *object);

static inline void devtlb_object_get(struct devtlb_object *object)
{
	kref_get(&object->ref);
}

#endif /* DEVTLB_REGISTRY_H */
