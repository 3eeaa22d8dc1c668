/*
 * mime_date - when a mail says that it was written or received.
 *
 * A date counts when all of it is understood, in the form of RFC 5322 or as near to it as programs come (asctime, a
 * colon in the zone, a zone that is missing or has no known name, and then is UTC). A guess would be worse than none: a
 * mail without a date has an arrival all the same.
 */
#ifndef IO_MIME_DATE_H
#define IO_MIME_DATE_H

#include <stdint.h>

/* The value of a Date field, in seconds UTC; 0 when it cannot be read or lies outside 1970-2200. */
int64_t mime_date_read(const char *value);

/* The date behind the last semicolon of a Received field that is in no comment, likewise. */
int64_t mime_date_of_received(const char *value);

#endif
