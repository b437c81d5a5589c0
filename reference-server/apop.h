/* SPDX-License-Identifier: MIT */
/*
 * The two things that APOP needs from outside a session (RFC 1939 section 7):
 * a timestamp that no other greeting had, and the digest.
 */
#ifndef POP3_APOP_H
#define POP3_APOP_H

#include "bytes.h"

#include <stdint.h>
#include <time.h>

#define APOP_HOST_MAX 200 /* twice in a greeting of 512 octets */
#define APOP_TIMESTAMP_ROOM 320

/* True for a domain that can stand in a msg-id: labels joined by dots. */
bool apop_host_allowed(struct slice host);

/*
 * Write "<random.serial.time@host>" to the APOP_TIMESTAMP_ROOM octets at to.
 * The serial must be another for each connection of this process; 64 random
 * bits set it apart from those of other processes. Returns 0, or -1 without
 * randomness.
 */
int apop_timestamp(char *to, const char *host, uint64_t serial, time_t now);

/* True when this OpenSSL offers MD5; some are set up not to. */
bool apop_available(void);

/*
 * True when digest is the MD5 of the timestamp followed by the secret, in 32
 * lower-case hexadecimal digits; of as_far the first of them will do. Takes as
 * long for a wrong one.
 */
bool apop_digest_right(struct slice digest, bool as_far, struct slice timestamp,
		       struct slice secret);

#endif
