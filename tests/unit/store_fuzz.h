/* SPDX-License-Identifier: GPL-2.0-only */
/* The fuzz target, for fuzz_driver.c and for libFuzzer. */
#ifndef UNIT_STORE_FUZZ_H
#define UNIT_STORE_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Operations compared since the start. */
extern unsigned long store_fuzz_operations;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* UNIT_STORE_FUZZ_H */
