#include "core/privacy.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

static int two_digits(const char *at)
{
	return (at[0] - '0') * 10 + (at[1] - '0');
}

/*
 * The length of the CPR number that begins at `at`, or 0. The century is not known from the six digits alone, so
 * 29 February counts in every year.
 */
static size_t cpr_length(const char *at)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	size_t serial = 6;
	int day, month;

	for (size_t i = 0; i < 6; i++)
		if (!text_is_digit(at[i]))
			return 0;
	day = two_digits(at);
	month = two_digits(at + 2);
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return 0;
	if (at[serial] == '-' || at[serial] == ' ')
		serial++;
	for (size_t i = 0; i < 4; i++)
		if (!text_is_digit(at[serial + i]))
			return 0;
	return text_is_digit(at[serial + 4]) ? 0 : serial + 4;
}

/* A number inside a longer number is no CPR number: only where one begins is it looked for, here and below. */
size_t privacy_mask_cpr(char *text)
{
	size_t masked = 0;
	bool inside_number = false;

	while (*text) {
		size_t length = inside_number ? 0 : cpr_length(text);

		inside_number = text_is_digit(*text);
		if (!length) {
			text++;
			continue;
		}
		for (; length > 0; length--, text++)
			if (text_is_digit(*text))
				*text = 'x';
		masked++;
	}
	return masked;
}

bool privacy_has_mask(const char *text)
{
	for (; *text; text += strspn(text, "x"), text += strcspn(text, "x")) {
		size_t length = strspn(text, "x"), serial = length + (text[length] == '-' || text[length] == ' ');

		if (length == 10 || (length == 6 && serial == 7 && strspn(text + serial, "x") == 4))
			return true;
	}
	return false;
}

bool privacy_has_cpr(const char *text)
{
	for (bool inside_number = false; *text; text++) {
		if (!inside_number && cpr_length(text))
			return true;
		inside_number = text_is_digit(*text);
	}
	return false;
}

enum { CALLED_MAX = 40 };	/* characters before a number in which it may be called something */

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte & 0x80);
}

/* "tlf. 0101801234", "+46 0101 80 1234", "konto 1234 0101801234": the word before it, or the +. */
static bool is_called_otherwise(const char *text, const char *at)
{
	static const char *const words[] = { "tlf", "telefon", "telefonnummer", "tel", "mobil", "mobilnummer", "mob", "phone",
		"fax", "konto", "kontonr", "kontonummer", "iban", "faktura", "fakturanr", "ordre", "ordrenr" };
	const char *end, *limit = at - text > CALLED_MAX ? at - CALLED_MAX : text;

	while (at > limit && (text_is_digit(at[-1]) || strchr(" \t:.-()", at[-1])))
		at--;
	if (at > limit && at[-1] == '+')
		return true;
	for (end = at; at > limit && is_letter(at[-1]);)
		at--;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if ((size_t)(end - at) == strlen(words[i]) && strncasecmp(at, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* Does it stand by itself? "CPR0101801234" does, "id=0101801234" and "x0101801234y" do not. */
static bool stands_alone(const char *text, const char *at, size_t length)
{
	if (is_letter(at[length]) || at[length] == '_' || at[length] == '=')
		return false;
	if (at - text >= 3 && strncasecmp(at - 3, "cpr", 3) == 0)
		return true;
	return at == text || (!is_letter(at[-1]) && !strchr("_=/%#&", at[-1]));
}

bool privacy_tells_cpr(const char *text)
{
	bool inside_number = false;

	for (const char *at = text; *at; at++) {
		size_t length = inside_number ? 0 : cpr_length(at);

		if (length && stands_alone(text, at, length) && !is_called_otherwise(text, at))
			return true;
		inside_number = text_is_digit(*at);
	}
	return false;
}
