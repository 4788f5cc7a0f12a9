// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that does to the memory of a process what few drivers do, for the rows
 * of the catalogue that no system call reaches by itself: see driver.h.
 */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/migrate.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>

#include "driver.h"

/* One mapping at a time. */
static DEFINE_MUTEX(mapping_lock);
static DECLARE_COMPLETION(may_fail);
static unsigned long mapping_at;

/* Where a page is ready to move, or was never there, it gets a new one. */
static void copy_page_of(unsigned long source, unsigned long *destination)
{
	struct page *from = migrate_pfn_to_page(source);
	struct page *to;

	if (!(source & MIGRATE_PFN_MIGRATE))
		return;
	to = alloc_page(GFP_HIGHUSER_MOVABLE | __GFP_ZERO);
	if (!to)
		return;
	if (from)
		copy_highpage(to, from);
	lock_page(to);
	*destination = migrate_pfn(page_to_pfn(to));
}

/* mmap_lock is held. */
static long migrate_area(struct vm_area_struct *vma,
			 const struct driver_range *range)
{
	unsigned long source[DRIVER_PAGES_MAX] = { };
	unsigned long destination[DRIVER_PAGES_MAX] = { };
	struct migrate_vma migrate = {
		.vma = vma,
		.start = range->start,
		.end = range->start + range->pages * PAGE_SIZE,
		.src = source,
		.dst = destination,
		.flags = MIGRATE_VMA_SELECT_SYSTEM,
	};
	long migrated = 0;
	unsigned int i;
	int err;

	err = migrate_vma_setup(&migrate);
	if (err)
		return err;
	for (i = 0; i < migrate.npages; i++)
		copy_page_of(source[i], &destination[i]);
	migrate_vma_pages(&migrate);
	for (i = 0; i < migrate.npages; i++)
		migrated += !!(source[i] & MIGRATE_PFN_MIGRATE);
	migrate_vma_finalize(&migrate);
	return migrated;
}

static long write_protect_area(struct vm_area_struct *vma,
			       const struct driver_range *range)
{
	pgoff_t first = linear_page_index(vma, range->start);

	if (!vma->vm_file)
		return -EINVAL;
	return wp_shared_mapping_range(vma->vm_file->f_mapping, first,
				       range->pages);
}

static long with_area(unsigned long arg,
		      long (*fn)(struct vm_area_struct *vma,
				 const struct driver_range *range))
{
	struct vm_area_struct *vma;
	struct driver_range range;
	long result = -EFAULT;

	if (copy_from_user(&range, (const void __user *)arg, sizeof(range)))
		return -EFAULT;
	if (!range.pages || range.pages > DRIVER_PAGES_MAX)
		return -EINVAL;
	mmap_read_lock(current->mm);
	vma = vma_lookup(current->mm, range.start);
	if (vma && range.start + range.pages * PAGE_SIZE <= vma->vm_end)
		result = fn(vma, &range);
	mmap_read_unlock(current->mm);
	return result;
}

static long driver_ioctl(struct file *file, unsigned int command,
			 unsigned long arg)
{
	switch (command) {
	case DRIVER_MIGRATE:
		return with_area(arg, migrate_area);
	case DRIVER_WRITE_PROTECT:
		return with_area(arg, write_protect_area);
	case DRIVER_MAPPING:
		/* Pairs with the release in driver_mmap(). */
		return put_user((u64)smp_load_acquire(&mapping_at),
				(u64 __user *)arg);
	case DRIVER_FAIL_MAPPING:
		complete(&may_fail);
		return 0;
	default:
		return -ENOTTY;
	}
}

/*
 * Maps a page, and fails when it may: until then the page table has an entry of an
 * area that nobody has been given.
 */
static int driver_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	int err;

	if (!page)
		return -ENOMEM;
	if (mutex_lock_killable(&mapping_lock)) {
		put_page(page);
		return -EINTR;
	}
	err = vm_insert_page(vma, vma->vm_start, page);
	if (!err) {
		reinit_completion(&may_fail);
		/* Pairs with the acquire in driver_ioctl(). */
		smp_store_release(&mapping_at, vma->vm_start);
		err = wait_for_completion_killable(&may_fail) ? : -ENXIO;
		WRITE_ONCE(mapping_at, 0);
	}
	mutex_unlock(&mapping_lock);
	put_page(page);
	return err;
}

static const struct file_operations driver_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = driver_ioctl,
	.mmap = driver_mmap,
};

static struct miscdevice driver_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "driver",
	.fops = &driver_fops,
};

module_misc_device(driver_device);
MODULE_DESCRIPTION("Takes the paths of mm/ that only drivers take");
MODULE_LICENSE("GPL");
