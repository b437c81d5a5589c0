/* SPDX-License-Identifier: MIT */
#ifndef HARNESS_RANDOM_H
#define HARNESS_RANDOM_H

#include "error.h"

#include <stddef.h>

#define RANDOM_LIMIT 32 /* octets at a time */

/*
 * Write 2 * octets lower-case hexadecimal digits and a NUL: octets (at most
 * RANDOM_LIMIT) of the kernel's randomness, fit for a password.
 */
int random_hex(char *to, size_t octets, struct error *e);

#endif
