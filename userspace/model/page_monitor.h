/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel shows of pages: /proc/PID/pagemap, /proc/kpageflags and
 * /proc/kpagecount, a word for each page (CONFIG_PROC_PAGE_MONITOR).
 */
#ifndef PAGE_MONITOR_H
#define PAGE_MONITOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Of an entry of pagemap: Documentation/admin-guide/mm/pagemap.rst. */
#define ENTRY_PRESENT		(1ULL << 63)
#define ENTRY_SWAPPED		(1ULL << 62)
#define ENTRY_UFFD_WP		(1ULL << 57)
#define ENTRY_FRAME		((1ULL << 55) - 1)

/* The frame that is mapped; 0 where none is. */
static inline uint64_t entry_frame(uint64_t entry)
{
	return entry & ENTRY_PRESENT ? entry & ENTRY_FRAME : 0;
}

/* Of /proc/kpageflags: include/uapi/linux/kernel-page-flags.h has the bits. */
#define PAGE_FLAG(bit)		(1ULL << (bit))

#define PAGE_FLAGS		"/proc/kpageflags"
#define PAGE_COUNT		"/proc/kpagecount"

/*
 * The word of a page, which is a frame, or of pagemap a number of 4K pages of the
 * address space. Returns false, and errno says why.
 */
bool page_monitor_read(const char *path, uint64_t page, uint64_t *word);
/* Likewise the entry of pagemap of an address of a process. */
bool page_monitor_entry(pid_t pid, uint64_t address, uint64_t *entry);

#endif /* PAGE_MONITOR_H */
