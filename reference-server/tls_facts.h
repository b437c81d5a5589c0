/* SPDX-License-Identifier: MIT */
/* What a session may know of the TLS below it; all zeroes is nothing. */
#ifndef POP3_TLS_FACTS_H
#define POP3_TLS_FACTS_H

#include "bytes.h"

struct tls_facts {
	/*
	 * Channel binding (RFC 5056), for SASL mechanisms that end in -PLUS:
	 * "tls-exporter" under TLS 1.3 (RFC 9266), "tls-unique" under TLS 1.2
	 * (RFC 5929), or NULL, when the channel has none that is safe.
	 */
	const char *binding_type;
	struct slice binding;

	/*
	 * Whom the client's certificate names, which was verified: its subject
	 * (RFC 4514), and the only common name in it. For SASL EXTERNAL. Empty
	 * when there is none.
	 */
	struct slice subject;
	struct slice common_name;
};

#endif
