/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_TABLE_LEVEL_H
#define DEVTLB_TABLE_LEVEL_H

/* A table has 1 << DEVTLB_TABLE_BITS entries; one of the lowest level maps 2M. */
#define DEVTLB_TABLE_BITS	9
#define DEVTLB_TABLE_SHIFT	21

/**
 * enum devtlb_table_level - page-table pages below the root, by what an entry maps
 * @DEVTLB_TABLE_OF_4K: each entry maps 4K
 * @DEVTLB_TABLE_OF_2M: 2M, as a page or by a table of the level before
 * @DEVTLB_TABLE_OF_1G: 1G, likewise
 * @DEVTLB_TABLE_OF_512G: 512G, by a table; only with five levels
 * @DEVTLB_TABLE_LEVELS: how many there are
 */
enum devtlb_table_level {
	DEVTLB_TABLE_OF_4K,
	DEVTLB_TABLE_OF_2M,
	DEVTLB_TABLE_OF_1G,
	DEVTLB_TABLE_OF_512G,
	DEVTLB_TABLE_LEVELS,
};

/* log2 of the memory that a table of a level maps. */
static inline unsigned int devtlb_table_shift(enum devtlb_table_level level)
{
	return DEVTLB_TABLE_SHIFT + DEVTLB_TABLE_BITS * level;
}

/* The level of a table that maps 1 << @shift bytes. */
static inline enum devtlb_table_level devtlb_table_level_of(unsigned int shift)
{
	return (shift - DEVTLB_TABLE_SHIFT) / DEVTLB_TABLE_BITS;
}

#endif /* DEVTLB_TABLE_LEVEL_H */
