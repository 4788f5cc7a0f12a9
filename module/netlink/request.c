// SPDX-License-Identifier: GPL-2.0-only
/*
 * What comes before and after the function of a command: may the caller do that,
 * and which PASID or watch is it about? So functions find what they are about,
 * with a reference, and those that need it find it locked.
 */
#include <linux/capability.h>
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "netlink/request.h"
#include "netlink/subjects.h"
#include "watch/binding.h"
#include "watch/watch.h"

/**
 * devtlb_request_check_privilege() - may the caller use the module?
 * @skb: the request
 * @extack: receives the reason of a failure
 *
 * GENL_ADMIN_PERM is CAP_NET_ADMIN; this wants the root of this machine, not of
 * a container.
 *
 * Return: 0 or -EPERM.
 */
int devtlb_request_check_privilege(struct sk_buff *skb,
				   struct netlink_ext_ack *extack)
{
	if (netlink_capable(skb, CAP_SYS_ADMIN))
		return 0;
	NL_SET_ERR_MSG_MOD(extack, "needs CAP_SYS_ADMIN in the initial user namespace; run as root");
	return -EPERM;
}

/* genl_ops.start of all dumps. */
int devtlb_nl_start(struct netlink_callback *cb)
{
	return devtlb_request_check_privilege(cb->skb, cb->extack);
}

/**
 * devtlb_request_get_pasid() - the PASID that an attribute names
 * @attr: its number, or NULL
 * @extack: receives the reason of a failure, and which attribute it is
 *
 * Return: the PASID with a reference, or an ERR_PTR().
 */
struct devtlb_pasid *devtlb_request_get_pasid(struct nlattr *attr,
					      struct netlink_ext_ack *extack)
{
	struct devtlb_pasid *pasid;

	if (!attr) {
		NL_SET_ERR_MSG_MOD(extack, "no PASID was given");
		return ERR_PTR(-EINVAL);
	}
	pasid = devtlb_pasid_get(nla_get_u32(attr));
	if (!pasid) {
		NL_SET_ERR_MSG_ATTR(extack, attr, KBUILD_MODNAME
				    ": no such PASID; it may have been unbound");
		return ERR_PTR(-ENOENT);
	}
	return pasid;
}

static struct devtlb_watch *get_watch(struct nlattr *attr,
				      struct netlink_ext_ack *extack)
{
	struct devtlb_watch *watch;

	if (!attr) {
		NL_SET_ERR_MSG_MOD(extack, "no watch was given");
		return ERR_PTR(-EINVAL);
	}
	watch = devtlb_watch_get(nla_get_u32(attr));
	if (!watch) {
		NL_SET_ERR_MSG_ATTR(extack, attr, KBUILD_MODNAME
				    ": no such watch; it may have been stopped");
		return ERR_PTR(-ENOENT);
	}
	return watch;
}

/*
 * A command that may be about either may be about neither, too: its function
 * decides.
 */
static int get_who(u8 cmd, struct nlattr **attrs,
		   struct netlink_ext_ack *extack, struct devtlb_who *who)
{
	const struct devtlb_nl_subjects *subjects = &devtlb_nl_subjects[cmd];
	u16 pasid = subjects->pasid;
	u16 watch = subjects->watch;

	*who = (struct devtlb_who) { };
	if (watch && (attrs[watch] || !pasid)) {
		who->watch = get_watch(attrs[watch], extack);
		return PTR_ERR_OR_ZERO(who->watch);
	}
	if (pasid && (attrs[pasid] || !watch)) {
		who->pasid = devtlb_request_get_pasid(attrs[pasid], extack);
		return PTR_ERR_OR_ZERO(who->pasid);
	}
	return 0;
}

/**
 * devtlb_who_put() - let go of whom a request was about
 * @who: from devtlb_dump_get_who(), or a request's
 */
void devtlb_who_put(const struct devtlb_who *who)
{
	if (who->watch)
		devtlb_watch_put(who->watch);
	if (who->pasid)
		devtlb_pasid_put(who->pasid);
}

/**
 * devtlb_dump_get_who() - whom a dump is about
 * @cb: the dump
 * @who: receives them, with references
 *
 * Each time that the dump goes on: between, whom it is about may go, and nothing
 * keeps it.
 *
 * Return: 0 or a negative errno.
 */
int devtlb_dump_get_who(struct netlink_callback *cb, struct devtlb_who *who)
{
	const struct genlmsghdr *header = nlmsg_data(cb->nlh);

	return get_who(header->cmd, genl_info_dump(cb)->attrs, cb->extack, who);
}

static int lock_pasid(struct devtlb_pasid *pasid,
		      struct netlink_ext_ack *extack)
{
	int err = devtlb_pasid_lock(pasid);

	if (err == -ENOENT)
		NL_SET_ERR_MSG_MOD(extack, "the PASID was unbound");
	return err;
}

/**
 * devtlb_request_begin() - what comes before the function of a command
 * @info: the request; devtlb_request_who() says from now on whom it is about
 * @flags: the operation's internal_flags
 *
 * Context: with DEVTLB_NL_LOCK it may wait for a process, until the PASID is
 * unbound or the task is killed: a job.
 * Return: 0, then devtlb_request_end() follows; or a negative errno.
 */
int devtlb_request_begin(struct genl_info *info, u8 flags)
{
	struct devtlb_who who;
	int err;

	if (flags & DEVTLB_NL_EACH)
		return 0;
	err = get_who(info->genlhdr->cmd, info->attrs, info->extack, &who);
	if (err)
		return err;
	if ((flags & DEVTLB_NL_LOCK) && who.pasid) {
		err = lock_pasid(who.pasid, info->extack);
		if (err) {
			devtlb_who_put(&who);
			return err;
		}
	}
	info->user_ptr[0] = who.pasid;
	info->user_ptr[1] = who.watch;
	return 0;
}

/**
 * devtlb_request_end() - what comes after it
 * @info: as devtlb_request_begin() had it
 * @flags: as devtlb_request_begin() had them
 */
void devtlb_request_end(struct genl_info *info, u8 flags)
{
	struct devtlb_who who = devtlb_request_who(info);

	if (flags & DEVTLB_NL_EACH)
		return;
	if ((flags & DEVTLB_NL_LOCK) && who.pasid)
		devtlb_pasid_unlock(who.pasid);
	devtlb_who_put(&who);
}

/* With its jobs mutex held. */
static int call_locked(struct devtlb_pasid *pasid, struct genl_info *info,
		       int (*fn)(struct devtlb_pasid *pasid, void *context),
		       void *context)
{
	int err = lock_pasid(pasid, info->extack);

	if (err)
		return err;
	err = fn(pasid, context);
	devtlb_pasid_unlock(pasid);
	return err;
}

/* For the PASIDs of @owner, whatever comes of one; the first error is kept. */
static int call_each(u32 owner, struct genl_info *info,
		     int (*fn)(struct devtlb_pasid *pasid, void *context),
		     void *context)
{
	struct devtlb_pasid *pasid;
	int first_err = 0;
	u32 id = 0;

	for (; (pasid = devtlb_pasid_get_next(&id)); id++) {
		int err = 0;

		if (pasid->object.owner == owner)
			err = call_locked(pasid, info, fn, context);
		devtlb_pasid_put(pasid);
		if (err == -EINTR)
			return err;
		if (err && err != -ENOENT && !first_err)
			first_err = err;
	}
	return first_err;
}

/**
 * devtlb_request_each_pasid() - do something with one PASID, or with many
 * @info: the request, with DEVTLB_NL_EACH
 * @owner: whose it is
 * @attr: its attribute that names a PASID; NULL for all those of the owner
 * @fn: does it, with the jobs mutex held
 * @context: for @fn
 *
 * Context: a job.
 * Return: 0 or a negative errno; of many, the first one.
 */
int devtlb_request_each_pasid(struct genl_info *info, u32 owner,
			      struct nlattr *attr,
			      int (*fn)(struct devtlb_pasid *pasid,
					void *context),
			      void *context)
{
	struct devtlb_pasid *pasid;
	int err;

	if (!attr)
		return call_each(owner, info, fn, context);
	pasid = devtlb_request_get_pasid(attr, info->extack);
	if (IS_ERR(pasid))
		return PTR_ERR(pasid);
	err = call_locked(pasid, info, fn, context);
	devtlb_pasid_put(pasid);
	return err;
}
