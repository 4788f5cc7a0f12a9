/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In which state the kernel has the pages that an operation is about to work on:
 * swapped out, in the swap cache, large, mapped by several. Contents do not tell,
 * and what an operation goes through depends on it.
 */
#ifndef PAGE_STATE_H
#define PAGE_STATE_H

#include <stdbool.h>
#include <sys/types.h>

/* Longest text of all of them together. */
#define PAGE_STATES_TEXT	160

/* The name of a state, by its number, which is its bit; NULL behind the last. */
const char *page_state_name(unsigned int number);

/*
 * The states of the first page, the last one and the one in the middle, together;
 * 0 where there are no pages, or nobody can say.
 */
unsigned int page_states_of(pid_t pid, long page, long pages);

/* Is nothing there, for sure? Only that is read. */
bool page_is_absent(pid_t pid, long page);

/* Their names. */
void page_states_text(unsigned int states, char text[PAGE_STATES_TEXT]);

#endif /* PAGE_STATE_H */
