/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registries: a file adds its object, and nobody keeps a list. The linker
 * gathers pointers in a section and names its ends. Objects must be linked
 * directly, not from an archive, which would leave them out without a word.
 */
#ifndef REGISTRY_H
#define REGISTRY_H

#define REGISTER(registry, type, id)					\
	static const type registry##_##id;				\
	static const type * const registry##_##id##_entry		\
	__attribute__((used, section(#registry))) = &registry##_##id;	\
	static const type registry##_##id

#define REGISTRY(registry, type)					\
	extern const type * const __start_##registry[];			\
	extern const type * const __stop_##registry[]

#define for_each_registered(entry, registry)				\
	for ((entry) = __start_##registry; (entry) < __stop_##registry; (entry)++)

#endif /* REGISTRY_H */
