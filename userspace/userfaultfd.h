/* SPDX-License-Identifier: GPL-2.0-only */
/* userfaultfd for scenarios. Whatever fails ends the run. */
#ifndef USERFAULTFD_H
#define USERFAULTFD_H

#include <linux/userfaultfd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Newer than the headers of some. */
#ifndef UFFD_FEATURE_WP_HUGETLBFS_SHMEM
#define UFFD_FEATURE_WP_HUGETLBFS_SHMEM	(1 << 12)
#endif
#ifndef UFFD_FEATURE_WP_ASYNC
#define UFFD_FEATURE_WP_ASYNC		(1 << 15)
#endif
#ifndef UFFD_FEATURE_MOVE
#define UFFD_FEATURE_MOVE		(1 << 16)
#endif

struct run;
struct uffd;

/* Skips the run where a feature is missing, and says which. */
struct uffd *uffd_open(struct run *run, uint64_t features);
bool uffd_has(uint64_t feature);
void uffd_register(struct uffd *uffd, void *at, size_t bytes, uint64_t mode);
/*
 * Answers each store to a protected page by unprotecting it, until the run ends:
 * the device waits for that as any other thread does.
 */
void uffd_answer_stores(struct uffd *uffd, size_t page_size);
void uffd_write_protect(struct uffd *uffd, void *at, size_t bytes);
/* Moves pages to where there are none. */
void uffd_move(struct uffd *uffd, void *to, void *from, size_t bytes);
/* Copies 4K to where there is no page; false where there is one. */
bool uffd_copy(struct uffd *uffd, void *to, const void *from);

#endif /* USERFAULTFD_H */
