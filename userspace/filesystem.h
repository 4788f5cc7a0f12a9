/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * File systems that are mounted for one run, at no place in the system: they
 * vanish with the process. To be mounted before memory is mapped.
 */
#ifndef FILESYSTEM_H
#define FILESYSTEM_H

#include <stddef.h>

struct run;

/*
 * Each returns a directory. @huge: when files get huge pages, as in the mount
 * option of tmpfs.
 */
int mount_tmpfs(struct run *run, const char *huge);
int mount_ext4(struct run *run);

/* A file without a name. */
int create_file(struct run *run, int directory, size_t bytes);
/* Makes it as long as @bytes; the rest is given up. */
void set_file_size(struct run *run, int file, size_t bytes);

/* All of a file, readable and writable; @flags: MAP_SHARED or MAP_PRIVATE. */
void *map_file(struct run *run, int file, size_t bytes, int flags);
/* The same, where a huge page of it can be mapped by one entry. */
void *map_file_aligned(struct run *run, int file, size_t bytes, int flags);

#endif /* FILESYSTEM_H */
