/* SPDX-License-Identifier: MIT */
#ifndef POP3_SWITCHES_LIST_H
#define POP3_SWITCHES_LIST_H

#include <stdbool.h>

/* Print all defects, or all oddities, as --help says. */
void switches_list(bool defects);

#endif
