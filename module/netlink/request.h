/* SPDX-License-Identifier: GPL-2.0-only */
/* What comes before and after the function of a command. */
#ifndef DEVTLB_REQUEST_H
#define DEVTLB_REQUEST_H

#include <linux/types.h>
#include <net/genetlink.h>

/*
 * genl_ops.internal_flags, from "pre" in uapi/devtlb.yaml.
 *
 * DEVTLB_NL_JOB: a job calls the function, for it may wait for a process.
 *
 * DEVTLB_NL_LOCK: and the jobs mutex of the PASID that it is about, if it is
 * about one, is held meanwhile.
 *
 * DEVTLB_NL_EACH: it is about one PASID or about all of its socket, and its
 * function asks for each: devtlb_request_each_pasid().
 */
#define DEVTLB_NL_JOB	0x1
#define DEVTLB_NL_LOCK	0x2
#define DEVTLB_NL_EACH	0x4

struct devtlb_pasid;
struct devtlb_watch;

/**
 * struct devtlb_who - whom a request is about
 * @pasid: it, with a reference, or NULL
 * @watch: it, with a reference, or NULL; with neither, nobody in particular
 */
struct devtlb_who {
	struct devtlb_pasid *pasid;
	struct devtlb_watch *watch;
};

/* Whom a request is about, between devtlb_request_begin() and _end(). */
static inline struct devtlb_who devtlb_request_who(const struct genl_info *info)
{
	return (struct devtlb_who) {
		.pasid = info->user_ptr[0],
		.watch = info->user_ptr[1],
	};
}

int devtlb_request_check_privilege(struct sk_buff *skb,
				   struct netlink_ext_ack *extack);
int devtlb_request_begin(struct genl_info *info, u8 flags);
void devtlb_request_end(struct genl_info *info, u8 flags);

int devtlb_nl_start(struct netlink_callback *cb);
int devtlb_dump_get_who(struct netlink_callback *cb, struct devtlb_who *who);
void devtlb_who_put(const struct devtlb_who *who);

struct devtlb_pasid *devtlb_request_get_pasid(struct nlattr *attr,
					      struct netlink_ext_ack *extack);

int devtlb_request_each_pasid(struct genl_info *info, u32 owner,
			      struct nlattr *attr,
			      int (*fn)(struct devtlb_pasid *pasid,
					void *context),
			      void *context);

#endif /* DEVTLB_REQUEST_H */
