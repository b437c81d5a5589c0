/* SPDX-License-Identifier: MIT */
/*
 * How octets reach a server: TCP, TLS, a process, or memory under a virtual
 * clock. The judge knows nothing else of the world.
 */
#ifndef JUDGE_WIRE_H
#define JUDGE_WIRE_H

#include "bytes.h"
#include "error.h"

#include <stdint.h>

enum wire_event {
	WIRE_OCTETS,    /* some came */
	WIRE_CLOSED,    /* the server ended its side in order */
	WIRE_RESET,     /* the connection was torn down */
	WIRE_TIMEOUT,   /* the deadline came first */
	WIRE_CANCELLED, /* the run is being ended */
};

struct wire {
	const struct wire_ops *ops;
};

struct wire_ops {
	/*
	 * Send all octets, as one segment where the transport lets us choose.
	 * May receive meanwhile (kept for receive), so that a server that
	 * writes before it reads cannot block us. Gives up at deadline.
	 * Anything but WIRE_OCTETS says why not all went out.
	 */
	enum wire_event (*send)(struct wire *w, struct slice octets,
				uint64_t deadline);
	/*
	 * Append what came to to, waiting until deadline for the first octet.
	 * WIRE_CLOSED and WIRE_RESET come after everything before them.
	 */
	enum wire_event (*receive)(struct wire *w, struct buf *to,
				   uint64_t deadline);
	/* We will send nothing more; the server may still answer. */
	void (*half_close)(struct wire *w);
	/* End the connection in order (FIN), or tear it down (RST); frees w. */
	void (*close)(struct wire *w);
	void (*abort)(struct wire *w);
	/* Milliseconds, from any start; a deadline is compared with this. */
	uint64_t (*now)(struct wire *w);
};

#endif
