/* SPDX-License-Identifier: MIT */
/* For test_defects.c: what stands elsewhere is tested, too. */
#ifndef POP3_DEFECTS_TRANSACTION_H
#define POP3_DEFECTS_TRANSACTION_H

/* Those of test_defects_transaction.c. */
static const char *const of_the_transaction[] = {
	"last-argument-counts",
	"garbage-lists-all",
	"stat-in-words",
	"stat-of-one",
	"stat-cached",
	"sizes-with-commas",
	"list-one-counts-stuffing",
	"list-one-shifts",
	"number-of-16-bits",
	"number-loses-its-sign",
	"number-from-the-end",
	"number-in-hexadecimal",
	"dele-takes-lists",
	"dele-takes-ranges",
	"noop-unmarks",
	"rset-of-the-last",
	"rset-of-all",
	"rset-behind-error",
	"top-lines-of-32-bits",
	"top-lines-signed",
	"top-lines-overflow",
	"top-lines-like-atoi",
	"top-pads-nothing",
	"top-terminator-glued",
	"top-clears-eighth-bit",
	"uidl-too-long",
	"uidl-is-the-size",
	"uidl-one-shifts",
	"uidl-counts-lines",
	"tired-after-100",
	"stat-of-nothing",
	"stat-total-wraps",
	"list-in-hexadecimal",
	"list-number-of-8-bits",
	"listing-loses-lines",
	"number-in-octal",
	"number-of-one-digit",
	"number-of-three-digits",
	"marks-wrap",
	"rset-of-64",
	"top-counts-buffers",
	"top-overlooks-blank-line",
	"top-cuts-headers",
	"uidl-of-8-bits",
	"uidl-kept-by-quit",
	"uidl-reused",
};

/* Those of test_defects_update.c. */
static const char *const of_the_update[] = {
	"update-removes-two",
	"update-removes-99",
	"update-up-to-ten",
	"update-by-32",
	"update-keeps-no-few",
	"uidl-begins-anew",
};

#endif
