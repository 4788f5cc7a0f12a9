// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shapes of ranges. A kernel is rarely broken by a whole path that says
 * nothing, but at an edge of what it says: the last page, the first one of the
 * next page table, the second area, the 65th page of a batch. So each operation
 * here goes through shapes and kinds of pages, pairwise; the device holds every
 * page of the range and one on either side of it.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixtures/scenario.h"

/* What a page table maps. */
#define TABLE		LARGE_PAGE
#define TABLE_PAGES	(TABLE / SMALL_PAGE)

/**
 * struct shape - of a range
 * @before: pages of it before the end of a page table
 * @pages: in all
 * @areas: that it is made of
 */
struct shape {
	size_t before;
	size_t pages;
	size_t areas;
};

/*
 * One page; the two at the end of a table; more than x86 flushes one by one (33);
 * more than the kernel moves in one go (64), in areas; more than a table.
 */
static const struct shape shapes[] = {
	{ 9, 1, 1 },
	{ 1, 2, 1 },
	{ 40, 34, 1 },
	{ 32, 65, 3 },
	{ 1, TABLE_PAGES + 1, 1 },
};

#define SHAPES		(sizeof(shapes) / sizeof(shapes[0]))

/**
 * enum pages_kind - what the pages are
 * @PAGES_DIRTY: anonymous, of 4K, and the device stores to them
 * @PAGES_SHARED: a child has them, too, and the device only loads
 * @PAGES_OF_LARGE: pieces of large folios, to which the device stores
 * @PAGES_BEFORE_FILE: as PAGES_DIRTY, but for the last third, which is a shared
 *	file's: the kernel flushes before it is through with what is dirty of that
 */
enum pages_kind {
	PAGES_DIRTY, PAGES_SHARED, PAGES_OF_LARGE, PAGES_BEFORE_FILE,
};

/**
 * struct piece - a range that was prepared
 * @at: its first page
 * @bytes: of it
 * @kind: of its pages
 * @child: that shares it; 0 for none
 */
struct piece {
	char *at;
	size_t bytes;
	enum pages_kind kind;
	pid_t child;
};

/**
 * struct retirement - an operation that takes a range away from the device
 * @name: as in "munmap()"
 * @kinds: bits of enum pages_kind that it can be done to
 * @one_area: it is refused across areas
 * @swaps: it needs swap space
 * @retire: does it
 */
struct retirement {
	const char *name;
	unsigned int kinds;
	bool one_area;
	bool swaps;
	void (*retire)(struct run *run, const struct piece *piece);
};

#define KIND(kind)	(1U << (kind))
#define ANONYMOUS	(KIND(PAGES_DIRTY) | KIND(PAGES_SHARED) |	\
			 KIND(PAGES_OF_LARGE))
#define ANY_KIND	(ANONYMOUS | KIND(PAGES_BEFORE_FILE))
#define UNSHARED	(KIND(PAGES_DIRTY) | KIND(PAGES_OF_LARGE))

static void check(struct run *run, int failed, const char *what)
{
	if (failed)
		run_broken(run, "%s: %s", what, strerror(errno));
}

static void map_at(struct run *run, char *at, size_t bytes, int advice)
{
	check(run, mmap(at, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != at,
	      "mmap");
	/* Fails where there are no large pages at all, which is as good. */
	madvise(at, bytes, advice);
	memset(at, 1, bytes);
}

/* What is dumped and what is not is in different areas. */
static void divide(struct run *run, const struct piece *piece, size_t areas)
{
	size_t i, pages = piece->bytes / SMALL_PAGE / areas;

	for (i = 1; i < areas; i += 2)
		check(run, madvise(piece->at + i * pages * SMALL_PAGE,
				   pages * SMALL_PAGE, MADV_DONTDUMP),
		      "madvise(MADV_DONTDUMP)");
}

/* A large folio stays mapped in pieces once a page of it had other rights. */
static void split_mapping(struct run *run, char *at)
{
	check(run, mprotect(at, SMALL_PAGE, PROT_READ), "mprotect");
	check(run, mprotect(at, SMALL_PAGE, PROT_READ | PROT_WRITE), "mprotect");
}

/* Of tmpfs, and of nobody else's. */
static void map_file_at(struct run *run, char *at, size_t bytes)
{
	check(run, mmap(at, bytes, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != at,
	      "mmap");
	memset(at, 1, bytes);
}

/* At the end of the page table that ends at @end. */
static struct piece prepare(struct run *run, char *end,
			    const struct shape *shape, enum pages_kind kind)
{
	struct piece piece = {
		.at = end - shape->before * SMALL_PAGE,
		.bytes = shape->pages * SMALL_PAGE,
		.kind = kind,
	};
	size_t file_bytes = shape->pages / 3 * SMALL_PAGE;
	char *table;

	if (kind == PAGES_OF_LARGE) {
		map_at(run, end - TABLE, 3 * TABLE, MADV_HUGEPAGE);
		for (table = end - TABLE; table < end + 2 * TABLE; table += TABLE)
			split_mapping(run, table);
	} else {
		map_at(run, piece.at - SMALL_PAGE, piece.bytes + 2 * SMALL_PAGE,
		       MADV_NOHUGEPAGE);
	}
	divide(run, &piece, shape->areas);
	if (kind == PAGES_BEFORE_FILE && file_bytes)
		map_file_at(run, piece.at + piece.bytes - file_bytes, file_bytes);
	if (kind == PAGES_SHARED)
		piece.child = child_fork(run);
	return piece;
}

static void retire_in_shape(struct run *run,
			    const struct retirement *retirement, char *end,
			    const struct shape *shape, enum pages_kind kind)
{
	struct piece piece = prepare(run, end, shape, kind);
	struct sweep *sweep;

	sweep = sweep_start(run, piece.at - SMALL_PAGE,
			    piece.bytes + 2 * SMALL_PAGE, SMALL_PAGE,
			    kind == PAGES_SHARED ? SWEEP_LOAD : SWEEP_LOAD_STORE);
	sweep_wait_pass(sweep);
	operation_begin(run, retirement->name, piece.at, piece.bytes);
	retirement->retire(run, &piece);
	operation_end(run);
	run_check(run);
	sweep_stop(sweep);
	if (piece.child)
		child_end(run, piece.child);
}

/* Of the kinds that the operation can be done to, in turn. */
static enum pages_kind nth_kind(const struct retirement *retirement,
				unsigned int nth)
{
	unsigned int kinds = __builtin_popcount(retirement->kinds);
	enum pages_kind kind = PAGES_DIRTY;

	for (nth %= kinds; nth || !(retirement->kinds & KIND(kind)); kind++)
		nth -= !!(retirement->kinds & KIND(kind));
	return kind;
}

static void forget_range(struct run *run, char *base, size_t bytes)
{
	check(run, mmap(base, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
			MAP_NORESERVE | MAP_FIXED, -1, 0) != base, "mmap");
}

/* In each round, each shape has another kind of pages. */
static void retire_in_shapes(struct run *run,
			     const struct retirement *retirement)
{
	unsigned int i, round;
	/* A table before the end, and two after it. */
	char *base;

	if (retirement->swaps)
		need_swap(run);
	base = reserve_aligned(run, 3 * TABLE, TABLE);
	for (round = 0; run_next_round(run); round++) {
		for (i = 0; i < SHAPES; i++) {
			if (shapes[i].areas > 1 && retirement->one_area)
				continue;
			retire_in_shape(run, retirement, base + TABLE,
					&shapes[i],
					nth_kind(retirement, i + round));
			forget_range(run, base, 3 * TABLE);
		}
	}
}

static void retire_munmap(struct run *run, const struct piece *piece)
{
	check(run, munmap(piece->at, piece->bytes), "munmap");
}

static void retire_map_over(struct run *run, const struct piece *piece)
{
	check(run, mmap(piece->at, piece->bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			0) != piece->at, "mmap(MAP_FIXED)");
}

static void retire_mprotect(struct run *run, const struct piece *piece)
{
	check(run, mprotect(piece->at, piece->bytes, PROT_NONE), "mprotect");
}

static void retire_dontneed(struct run *run, const struct piece *piece)
{
	check(run, madvise(piece->at, piece->bytes, MADV_DONTNEED),
	      "madvise(MADV_DONTNEED)");
}

/* The dirty bit goes, and with it the right to store. */
static void retire_free(struct run *run, const struct piece *piece)
{
	check(run, madvise(piece->at, piece->bytes, MADV_FREE),
	      "madvise(MADV_FREE)");
}

static void retire_pageout(struct run *run, const struct piece *piece)
{
	check(run, madvise(piece->at, piece->bytes, MADV_PAGEOUT),
	      "madvise(MADV_PAGEOUT)");
}

/* Page by page where the new place is not aligned as the old one is. */
static void move_away(struct run *run, const struct piece *piece, int flags)
{
	char *to = reserve_aligned(run, 3 * TABLE, TABLE) + 5 * SMALL_PAGE;

	check(run, mremap(piece->at, piece->bytes, piece->bytes,
			  MREMAP_MAYMOVE | MREMAP_FIXED | flags, to) != to,
	      "mremap");
	munmap(to - 5 * SMALL_PAGE, 3 * TABLE);
}

static void retire_mremap(struct run *run, const struct piece *piece)
{
	move_away(run, piece, 0);
}

/* Nothing is unmapped, so what moves is told of once. */
static void retire_mremap_keep(struct run *run, const struct piece *piece)
{
	move_away(run, piece, MREMAP_DONTUNMAP);
}

static void retire_migrate(struct run *run, const struct piece *piece)
{
	struct nodes nodes = need_two_nodes(run);
	int to = node_of(run, piece->at) == nodes.first ? nodes.second
							: nodes.first;

	move_to_node(run, piece->at, piece->bytes, SMALL_PAGE, to);
}

/* The process keeps its pages, and may no longer write to them. */
static void retire_fork(struct run *run, const struct piece *piece)
{
	child_end(run, child_fork(run));
}

static void retire_cow(struct run *run, const struct piece *piece)
{
	fill_pattern(piece->at, piece->bytes, 2);
}

#define SHAPES_OF(id, scenario_name, scenario_title, ...)		\
	static void shapes_##id(struct run *run)			\
	{								\
		static const struct retirement retirement = {		\
			__VA_ARGS__, .retire = retire_##id,		\
		};							\
									\
		retire_in_shapes(run, &retirement);			\
	}								\
									\
	SCENARIO(shapes_##id) = {					\
		.name = scenario_name,					\
		.title = scenario_title,				\
		.run = shapes_##id,					\
	}

SHAPES_OF(munmap, "shapes-munmap", "unmaps ranges of many shapes",
	  .name = "munmap()", .kinds = ANY_KIND);
SHAPES_OF(map_over, "shapes-map-fixed", "maps over ranges of many shapes",
	  .name = "mmap(MAP_FIXED)", .kinds = ANY_KIND);
SHAPES_OF(mprotect, "shapes-mprotect", "protects ranges of many shapes",
	  .name = "mprotect()", .kinds = ANY_KIND);
SHAPES_OF(dontneed, "shapes-dontneed", "discards ranges of many shapes",
	  .name = "MADV_DONTNEED", .kinds = ANY_KIND);
SHAPES_OF(free, "shapes-free", "marks ranges of many shapes as free",
	  .name = "MADV_FREE", .kinds = UNSHARED);
SHAPES_OF(pageout, "shapes-pageout", "swaps out ranges of many shapes",
	  .name = "swap-out", .kinds = UNSHARED, .swaps = true);
SHAPES_OF(mremap, "shapes-mremap", "moves ranges of many shapes",
	  .name = "mremap()", .kinds = ANONYMOUS, .one_area = true);
SHAPES_OF(mremap_keep, "shapes-mremap-keep",
	  "moves ranges of many shapes, and keeps the old place mapped",
	  .name = "mremap()", .kinds = ANONYMOUS, .one_area = true);
SHAPES_OF(migrate, "shapes-migrate",
	  "migrates ranges of many shapes to another node",
	  .name = "migration", .kinds = UNSHARED);
SHAPES_OF(fork, "shapes-fork", "shares ranges of many shapes with a child",
	  .name = "fork()", .kinds = UNSHARED);
SHAPES_OF(cow, "shapes-cow", "writes to ranges of many shapes that a child shares",
	  .name = "copy on write", .kinds = KIND(PAGES_SHARED));
