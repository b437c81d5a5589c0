/* SPDX-License-Identifier: MIT */
/*
 * Text as XML 1.0 takes it: what comes out of here is visible ASCII, entities
 * and line ends, whatever goes in. So no control character, no invalid UTF-8,
 * no "]]>" and no non-character can make a document that does not parse.
 */
#ifndef REPORTS_XML_H
#define REPORTS_XML_H

#include "bytes.h"

/* Append text of an element; {0x1B} for what no one can see. NULL is empty. */
void xml_text(struct buf *to, const char *text);

/*
 * The same for a page, whose line ends stay. It is visible already; what is not
 * all the same becomes a question mark.
 */
void xml_page(struct buf *to, struct slice page);

/* Append ' name="value"'. */
void xml_attribute(struct buf *to, const char *name, const char *value);

#endif
