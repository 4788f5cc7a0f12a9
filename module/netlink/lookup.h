/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_LOOKUP_H
#define DEVTLB_LOOKUP_H

struct devtlb_pasid;
struct devtlb_watch;
struct netlink_callback;
struct netlink_ext_ack;
struct nlattr;

/**
 * struct devtlb_who - whom a dump is about
 * @pasid: it, with a reference, or NULL
 * @watch: it, with a reference, or NULL; with neither, everybody there is and
 *	was
 */
struct devtlb_who {
	struct devtlb_pasid *pasid;
	struct devtlb_watch *watch;
};

struct devtlb_pasid *devtlb_netlink_get_pasid(struct nlattr *attr,
					      struct netlink_ext_ack *extack);
int devtlb_netlink_lock_pasid(struct devtlb_pasid *pasid,
			      struct netlink_ext_ack *extack);
struct devtlb_watch *devtlb_netlink_get_watch(struct nlattr *attr,
					      struct netlink_ext_ack *extack);
struct devtlb_pasid *devtlb_netlink_dump_pasid(struct netlink_callback *cb,
					       int attr);
int devtlb_netlink_get_who(struct netlink_callback *cb, int pasid_attr,
			   int watch_attr, struct devtlb_who *who);
void devtlb_netlink_put_who(const struct devtlb_who *who);

#endif /* DEVTLB_LOOKUP_H */
