/* SPDX-License-Identifier: MIT */
/*
 * The judge promises visible ASCII. A journal may come from anybody, so that
 * every writer passes what it prints through here all the same.
 */
#ifndef REPORTS_PLAIN_H
#define REPORTS_PLAIN_H

#include "bytes.h"

/*
 * Append text (NULL is empty); an octet that is not printable ASCII stands as
 * the notation writes it: {0x1B}. What a terminal, jansson or XML would choke
 * on cannot come out of this.
 */
void plain_add(struct buf *to, const char *text);

#endif
