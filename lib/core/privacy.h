/*
 * privacy - personal numbers never leave the mail they came in.
 *
 * A CPR number is ten digits DDMMYY-NNNN with a valid date, with a hyphen, a space or nothing in between, not part
 * of a longer number. Modulus 11 says nothing since 2007, so it is not asked.
 */
#ifndef CORE_PRIVACY_H
#define CORE_PRIVACY_H

#include <stdbool.h>
#include <stddef.h>

/* Overwrites the digits of every CPR number in text with 'x' (the hyphen stays). Returns how many were masked. */
size_t privacy_mask_cpr(char *text);

/* Is there something shaped like a CPR number? */
bool privacy_has_cpr(const char *text);

/*
 * Is there something that a person would take for one? No part of a word or a link, nor what is called a telephone or
 * an account number: so it errs towards saying nothing, and masks nothing.
 */
bool privacy_tells_cpr(const char *text);

/* Is there what privacy_mask_cpr() leaves of one? */
bool privacy_has_mask(const char *text);

#endif
