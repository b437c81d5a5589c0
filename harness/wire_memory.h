/* SPDX-License-Identifier: MIT */
/*
 * Wires without a network: the other end is a peer in the same process, and
 * time is a number that only moves when everybody waits. An autologout of ten
 * minutes takes no time, and a run is the same each time.
 */
#ifndef JUDGE_WIRE_MEMORY_H
#define JUDGE_WIRE_MEMORY_H

#include "wire.h"

/* A server's end of a connection, as a step function. */
struct peer {
	const struct peer_ops *ops;
};

struct peer_ops {
	/* Takes some of the octets; returns how many. */
	size_t (*feed)(struct peer *p, struct slice octets);
	void (*end_of_input)(struct peer *p);
	/* What the peer has to say, borrowed; sent() takes it away. */
	struct slice (*output)(struct peer *p);
	void (*sent)(struct peer *p, size_t octets);
	/* True when it closes once its output is sent. */
	bool (*closes)(struct peer *p);
	void (*tick)(struct peer *p, uint64_t now);
	uint64_t (*deadline)(struct peer *p); /* UINT64_MAX: never */
	void (*free)(struct peer *p);
};

struct memory_wire;

/* All zeroes is a net at time 0 without wires and without a budget. */
struct memory_net {
	uint64_t now;             /* ms */
	struct memory_wire *wires;
	uint64_t steps;           /* taken so far */
	uint64_t budget;          /* of steps, 0: none. Beyond it every wait is
				     cancelled: somebody never ends */
};

/* A wire to p, which it takes. Owned by the caller; NULL without memory. */
struct wire *wire_memory(struct memory_net *net, struct peer *p);

/* Let ms pass for all peers. */
void memory_net_pass(struct memory_net *net, uint64_t ms);

#endif
