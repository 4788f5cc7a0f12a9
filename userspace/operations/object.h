/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects: what can be mapped beside anonymous memory. All actors of a sequence
 * have the same ones, made when the first of them begins.
 */
#ifndef OBJECT_H
#define OBJECT_H

enum object {
	OBJECT_NONE,
	OBJECT_MEMFD,		/* shmem in small pages */
	OBJECT_HUGE,		/* shmem in huge pages, if there are any */
	OBJECT_HUGETLB,		/* hugetlbfs */
	OBJECTS
};

#define OBJECT_PAGES	4096L	/* of each: 16M */
/* Their file descriptors, which survive fork() and execve(). */
#define OBJECT_FD	900

void objects_make(void);

static inline int object_fd(long object)
{
	return OBJECT_FD + (int)object;
}

#endif /* OBJECT_H */
