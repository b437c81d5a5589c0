/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

static bool is_ipv4(const struct address *a)
{
	return memcmp(a->octets, mapped, sizeof(mapped)) == 0;
}

int address_read(struct address *a, const struct sockaddr *from)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (from->sa_family == AF_INET) {
		memcpy(&v4, from, sizeof(v4));
		memcpy(a->octets, mapped, sizeof(mapped));
		memcpy(a->octets + 12, &v4.sin_addr, 4);
		a->port = ntohs(v4.sin_port);
		return 0;
	}
	if (from->sa_family != AF_INET6)
		return -1;
	memcpy(&v6, from, sizeof(v6));
	memcpy(a->octets, &v6.sin6_addr, 16);
	a->port = ntohs(v6.sin6_port);
	return 0;
}

bool address_is_loopback(const struct address *a)
{
	static const unsigned char one[16] = { [15] = 1 };

	return is_ipv4(a) ? a->octets[12] == 127
			  : memcmp(a->octets, one, sizeof(one)) == 0;
}

int address_compare_place(const struct address *a, const struct address *b)
{
	if (is_ipv4(a) != is_ipv4(b))
		return is_ipv4(a) ? 1 : -1;
	return memcmp(a->octets, b->octets, is_ipv4(a) ? 16 : 8);
}

const char *address_text(const struct address *a, char text[ADDRESS_TEXT])
{
	char name[INET6_ADDRSTRLEN] = "?";

	if (is_ipv4(a))
		inet_ntop(AF_INET, a->octets + 12, name, sizeof(name));
	else
		inet_ntop(AF_INET6, a->octets, name, sizeof(name));
	snprintf(text, ADDRESS_TEXT, is_ipv4(a) ? "%s:%u" : "[%s]:%u", name,
		 (unsigned)a->port);
	return text;
}
