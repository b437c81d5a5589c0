/* SPDX-License-Identifier: MIT */
/* What nobody has to wait for. */
#ifndef POP3_BACKGROUND_H
#define POP3_BACKGROUND_H

/*
 * Have a thread of its own call what, with of, some time. Returns 0, or -1 when
 * there is none: it was not called.
 */
int background(void *(*what)(void *of), void *of);

#endif
