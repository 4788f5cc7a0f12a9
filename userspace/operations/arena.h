/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arena: the addresses that operations work on. Pages are numbered from its
 * start. It lies across the first address that the top level of a page table of
 * four levels has another entry for: page ARENA_TOP is at a boundary of every
 * level, and each 512 pages there is one of tables of 4K pages. Behind it there is
 * room for the rest of what begins at ARENA_TOP and ends with a gigabyte.
 */
#ifndef ARENA_H
#define ARENA_H

#define PAGE		4096L
#define TABLE		512L	/* pages that one table of 4K pages maps */
#define TABLES		64L
#define ARENA_PAGES	(TABLES * TABLE)
#define ARENA_TOP	(ARENA_PAGES / 2)
/* What one table of tables maps. */
#define GIGABYTE	(TABLE * TABLE)
#define ARENA_START	(512L * 1024 * 1024 * 1024 - ARENA_TOP * PAGE)

static inline char *at(long page)
{
	return (char *)(ARENA_START + page * PAGE);
}

#endif /* ARENA_H */
