/* SPDX-License-Identifier: MIT */
/*
 * Where a client comes from, and what counts as one place: an IPv4 address, or
 * the /64 of an IPv6 one, of which a single host may have as many as it likes
 * (RFC 4291 section 2.5.4).
 */
#ifndef POP3_ADDRESS_H
#define POP3_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* IPv4 is ::ffff:a.b.c.d here, however it came. */
struct address {
	unsigned char octets[16];
	uint16_t port;
};

/* Returns 0, or -1 when it is of no kind that is known here. */
int address_read(struct address *a, const struct sockaddr *from);

/* 127.0.0.0/8 or ::1. */
bool address_is_loopback(const struct address *a);

/* Less than, equal to or greater than 0: the order of places, for a tree. */
int address_compare_place(const struct address *a, const struct address *b);

#define ADDRESS_TEXT 56

/* "192.0.2.1:1110", "[2001:db8::1]:1110". Returns text. */
const char *address_text(const struct address *a, char text[ADDRESS_TEXT]);

#endif
