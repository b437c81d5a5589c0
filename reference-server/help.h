/* SPDX-License-Identifier: MIT */
#ifndef POP3_HELP_H
#define POP3_HELP_H

/* Print what --help says, by the table of settings. */
void help_print(void);

#endif
