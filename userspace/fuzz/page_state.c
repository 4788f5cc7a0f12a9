// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel-page-flags.h>
#include <stdint.h>
#include <string.h>

#include "fuzz/page_state.h"
#include "model/page_monitor.h"
#include "operations/arena.h"

/**
 * struct page_word - what the kernel shows of a page
 * @entry: that of pagemap
 * @flags: of the frame; 0 without one
 * @count: how many page tables have it; likewise
 */
struct page_word {
	uint64_t entry;
	uint64_t flags;
	uint64_t count;
};

static bool is_nothing(uint64_t entry)
{
	return !(entry & (ENTRY_PRESENT | ENTRY_SWAPPED));
}

static bool is_absent(const struct page_word *word)
{
	return is_nothing(word->entry);
}

static bool is_swapped(const struct page_word *word)
{
	return word->entry & ENTRY_SWAPPED;
}

static bool is_marked(const struct page_word *word)
{
	return word->entry & ENTRY_UFFD_WP;
}

static bool is_shared(const struct page_word *word)
{
	return word->count > 1;
}

static bool has(const struct page_word *word, int flag)
{
	return word->flags & PAGE_FLAG(flag);
}

static bool is_anonymous(const struct page_word *word)
{
	return has(word, KPF_ANON);
}

static bool is_of_file(const struct page_word *word)
{
	return word->flags && !has(word, KPF_ANON) && !has(word, KPF_ZERO_PAGE);
}

static bool is_in_swap_cache(const struct page_word *word)
{
	return has(word, KPF_SWAPCACHE);
}

static bool is_large(const struct page_word *word)
{
	return has(word, KPF_THP);
}

static bool is_hugetlb(const struct page_word *word)
{
	return has(word, KPF_HUGE);
}

static bool is_zero(const struct page_word *word)
{
	return has(word, KPF_ZERO_PAGE);
}

static bool is_dirty(const struct page_word *word)
{
	return has(word, KPF_DIRTY);
}

/* Not whether KSM has merged it: Linux 6.12 says so of every anonymous page. */
static const struct {
	const char *name;
	bool (*is)(const struct page_word *word);
} states[] = {
	{ "absent", is_absent },
	{ "swapped", is_swapped },
	{ "write-protected", is_marked },
	{ "anonymous", is_anonymous },
	{ "file", is_of_file },
	{ "swap-cache", is_in_swap_cache },
	{ "large", is_large },
	{ "hugetlb", is_hugetlb },
	{ "zero", is_zero },
	{ "dirty", is_dirty },
	{ "several", is_shared },
};

#define NR_STATES	(sizeof(states) / sizeof(states[0]))

const char *page_state_name(unsigned int number)
{
	return number < NR_STATES ? states[number].name : NULL;
}

static unsigned int states_of(const struct page_word *word)
{
	unsigned int bits = 0;
	unsigned int i;

	for (i = 0; i < NR_STATES; i++) {
		if (states[i].is(word))
			bits |= 1U << i;
	}
	return bits;
}

static bool read_word(pid_t pid, long page, struct page_word *word)
{
	uint64_t frame;

	*word = (struct page_word) { };
	if (!page_monitor_entry(pid, (uintptr_t)at(page), &word->entry))
		return false;
	frame = entry_frame(word->entry);
	if (!frame)
		return true;
	return page_monitor_read(PAGE_FLAGS, frame, &word->flags) &&
	       page_monitor_read(PAGE_COUNT, frame, &word->count);
}

unsigned int page_states_of(pid_t pid, long page, long pages)
{
	const long offsets[] = { 0, pages / 2, pages - 1 };
	unsigned int bits = 0;
	size_t i;

	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]) && pages > 0; i++) {
		struct page_word word;

		if (i && offsets[i] == offsets[i - 1])
			continue;
		if (!read_word(pid, page + offsets[i], &word))
			return 0;
		bits |= states_of(&word);
	}
	return bits;
}

bool page_is_absent(pid_t pid, long page)
{
	uint64_t entry;

	return page_monitor_entry(pid, (uintptr_t)at(page), &entry) &&
	       is_nothing(entry);
}

void page_states_text(unsigned int bits, char text[PAGE_STATES_TEXT])
{
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < NR_STATES; i++) {
		if (!(bits & 1U << i))
			continue;
		strcat(text, text[0] ? " " : "");
		strcat(text, states[i].name);
	}
}
