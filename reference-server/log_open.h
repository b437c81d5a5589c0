/* SPDX-License-Identifier: MIT */
/*
 * Opens the file of a log. Root opens it in a folder that may belong to who
 * shall write it later, and who must not choose by a link what root appends to
 * and gives away. So where root opens it, each symbolic link on its way must be
 * root's own, and a file of several names (hard links) must be in a folder that
 * only root can change. Others open what they may, as ever.
 *
 * Each name is looked at and entered by one descriptor: nobody can put another
 * in its place between. A part of log.c.
 */
#ifndef POP3_LOG_OPEN_H
#define POP3_LOG_OPEN_H

#include "error.h"

/* Returns a descriptor that appends to the file, or -1 and e. */
int log_open(const char *path, struct error *e);

/*
 * Whether links on its way would be refused. Makes and opens nothing. Returns
 * 0, or -1 and e.
 */
int log_open_check(const char *path, struct error *e);

#endif
