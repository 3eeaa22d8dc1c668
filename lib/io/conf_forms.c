/*
 * One function for each form that a text of the configuration may have (conf_parse in conf_read.h). Each says in its
 * error what would be right, as the end of a sentence that begins with the key and the text.
 */
#include "core/calendar.h"
#include "io/conf_read.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int keep(void *ret_field, const char *text)
{
	memcpy(ret_field, &text, sizeof(text));
	return 0;
}

/* Letters beyond ASCII are whatever is left of valid UTF-8 without hidden characters. */
static bool is_made_of(const char *text, const char *also, bool (*is)(char))
{
	for (; *text; text++)
		if (!is(*text) && !strchr(also, *text))
			return false;
	return true;
}

static bool is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
}

static bool is_ascii(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Names are parts of file names, of rules and of the register: small letters keep them the same everywhere. */
int conf_parse_name(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	(void)key;
	if (!*text || strlen(text) > 64 || *text == '-' || !is_made_of(text, "-", is_lower))
		return err_set(err, "which is no name: lower-case letters, digits and hyphens, at most 64");
	return keep(ret_field, arena_strdup(reader->arena, text));
}

int conf_parse_words(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	(void)key;
	if (strspn(text, " ") == strlen(text))
		return err_set(err, "which says nothing");
	return keep(ret_field, arena_strdup(reader->arena, text));
}

/* In capital letters, as core/subject makes those of a mail. */
int conf_parse_tag(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	(void)key;
	if (!*text || strlen(text) > 64 || *text == ' ' || text[strlen(text) - 1] == ' ' || strpbrk(text, "[]"))
		return err_set(err, "which is no tag: at most 64 letters, without the brackets");
	return keep(ret_field, text_upper(reader->arena, text));
}

/* What subject_key_length() will find again in a subject. */
int conf_parse_key(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	size_t letters = 0, i = 0;

	(void)key;
	for (; text[i]; letters++) {
		size_t more = strncmp(text + i, "Æ", 2) == 0 || strncmp(text + i, "Ø", 2) == 0 ||
			strncmp(text + i, "Å", 2) == 0 ? 2 : text[i] >= 'A' && text[i] <= 'Z';

		if (more == 0)
			return err_set(err, "which cannot begin a key: 2 to 8 capital letters");
		i += more;
	}
	if (letters < 2 || letters > 8)
		return err_set(err, "which cannot begin a key: 2 to 8 capital letters");
	return keep(ret_field, arena_strdup(reader->arena, text));
}

/* "A5" or "A5-tag": core/flow draws those of one rule as one arrow. */
int conf_parse_cite(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	(void)key;
	if (!*text || strlen(text) > 32 || !is_made_of(text, "-.", is_ascii))
		return err_set(err, "which is no citation: letters, digits, hyphens and full stops, at most 32");
	return keep(ret_field, arena_strdup(reader->arena, text));
}

/* Labels of letters, digits and hyphens (RFC 1123), so many of them at least; the text is lower case. */
static bool is_domain(const char *text, size_t labels_min)
{
	size_t label = 0, labels = 1;

	if (strlen(text) > 253)
		return false;
	for (const char *at = text; *at; at++) {
		if (*at == '.' && (label == 0 || at[-1] == '-'))
			return false;
		if (*at == '.')
			labels++;
		else if (!is_ascii(*at) && (*at != '-' || label == 0))
			return false;
		label = *at == '.' ? 0 : label + 1;
		if (label > 63)
			return false;
	}
	return label > 0 && labels >= labels_min && text[strlen(text) - 1] != '-';
}

/* In small letters, as those of mails are made: addresses are compared byte by byte. */
int conf_parse_address(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	char *address = text_lower(reader->arena, text), *at = strrchr(address, '@');
	bool good = at && at > address && at - address <= 64 && is_domain(at + 1, 2);

	(void)key;
	if (at)
		*at = '\0';
	if (!good || !is_made_of(address, ".!#$%&'*+/=?^_`{|}~-", is_ascii) || address[0] == '.' || at[-1] == '.' ||
	    strstr(address, ".."))
		return err_set(err, "which is no address such as mt@example.dk");
	*at = '@';
	return keep(ret_field, address);
}

int conf_parse_host(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	struct in6_addr address;

	(void)key;
	if (!is_domain(text, 1) && inet_pton(AF_INET6, text, &address) != 1)
		return err_set(err, "which is no name of a host or domain such as mail.example.dk%s",
			strchr(text, ':') ? ", nor an address: a port has a key of its own" : "");
	return keep(ret_field, text_lower(reader->arena, text));
}

/* A host, or with a full stop before it every host of a domain. */
int conf_parse_border(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	const char *host = NULL;

	if (conf_parse_host(reader, key, text + (*text == '.'), &host, err) != 0)
		return -1;
	return keep(ret_field, *text == '.' ? arena_printf(reader->arena, ".%s", host) : host);
}

/* A path that is not absolute is one in the folder of fristd.conf. */
int conf_parse_path(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	(void)key;
	if (!*text)
		return err_set(err, "which is no path");
	return keep(ret_field, conf_path(reader->arena, reader->folder, text));
}

int conf_parse_secret(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	const char *name = text_starts_with(text, "credential:") ? strchr(text, ':') + 1 : NULL;

	if (!name)
		return conf_parse_path(reader, key, text, ret_field, err);
	if (!*name || *name == '.' || !is_made_of(name, "._-", is_ascii))
		return err_set(err, "which names no credential: letters, digits, '.', '_' and '-'");
	return keep(ret_field, arena_strdup(reader->arena, text));
}

int conf_parse_login(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	(void)key;
	if (!*text || strchr(text, ' '))
		return err_set(err, "which is no login: no spaces");
	return keep(ret_field, arena_strdup(reader->arena, text));
}

/* Four characters at least: a shorter pattern would find case numbers everywhere. */
int conf_parse_pattern(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	const char *star = strchr(text, '*');

	(void)key;
	if (strcspn(text, "*") < 4 || strchr(text, ' ') || (star && star[1]))
		return err_set(err, "which is no pattern: at least 4 characters, no spaces, '*' only at its end");
	return keep(ret_field, arena_strdup(reader->arena, text));
}

int conf_parse_length(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	struct calendar_length length;

	(void)reader, (void)key;
	if (calendar_parse_length(text, &length, NULL) != 0)
		return err_set(err, "which is no length such as \"5 arbejdsdage\", \"-1 arbejdsdag\" or \"7 dage\"");
	memcpy(ret_field, &length, sizeof(length));
	return 0;
}

int conf_parse_period(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	struct calendar_length length = { .count = 0 };

	if (conf_parse_length(reader, key, text, &length, err) != 0)
		return -1;
	if (length.count < 1)
		return err_set(err, "which is too short: one day at least");
	memcpy(ret_field, &length, sizeof(length));
	return 0;
}

int conf_parse_date(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	int64_t begin;
	int date = 0;

	if (conf_parse_day(reader, key, text, &date, err) < 0)
		return -1;
	begin = calendar_utc(date, 0);
	memcpy(ret_field, &begin, sizeof(begin));
	return 0;
}

int conf_parse_day(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	int date;

	(void)reader, (void)key;
	if (calendar_parse_date(text, CALENDAR_NO_REFERENCE, &date) != 0)
		return err_set(err, "which is no date such as 2026-03-01 or 01-03-2026");
	memcpy(ret_field, &date, sizeof(date));
	return 0;
}

enum { WORKING_WEEK = 0x3e };	/* Monday to Friday */

/* A set of bits, as directory_works() asks for it. */
int conf_parse_weekdays(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	static const char *const names[] = { "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag" };
	unsigned days = 0;

	(void)key;
	for (const char *at = text; *at;) {
		size_t length = strcspn(at, " ,"), day = 0;
		const char *word = arena_strndup(reader->arena, at, length);

		while (day < 7 && !text_equal_fold(word, names[day]))
			day++;
		if (day == 7)
			return err_set(err, "which names no days of the week such as \"onsdag, fredag\"");
		days |= 1U << (day + 1);	/* ISO 8601: Monday is 1 */
		at += length;
		at += strspn(at, " ,");
	}
	if ((days & WORKING_WEEK) == WORKING_WEEK)
		return err_set(err, "which leaves no working day: for a longer time there is \"away\"");
	memcpy(ret_field, &days, sizeof(days));
	return 0;
}

/* 24:00 is allowed, the end of a day. */
int conf_parse_minutes(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	bool formed = strlen(text) == 5 && isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[1]) &&
		text[2] == ':' && isdigit((unsigned char)text[3]) && isdigit((unsigned char)text[4]);
	int minutes = formed ? ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0' : -1;

	(void)reader, (void)key;
	if (!formed || text[3] > '5' || minutes > CALENDAR_MINUTES_A_DAY)
		return err_set(err, "which is no time of day such as 07:30");
	memcpy(ret_field, &minutes, sizeof(minutes));
	return 0;
}

int conf_parse_closing(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	struct calendar_closing closing;

	(void)reader, (void)key;
	if (calendar_parse_closing(text, "", &closing, NULL) != 0)
		return err_set(err, "which is no day such as \"24-12\" (every year) or \"15-05-2026\"");
	memcpy(ret_field, &closing, sizeof(closing));
	return 0;
}

/* Returns the row of the word, or NULL after naming all the words. */
static const struct conf_choice *find_choice(const struct conf_key *key, const char *text, struct err *err)
{
	struct text words CLEANUP(text_done) = TEXT_NULL;

	for (const struct conf_choice *choice = key->choices; choice->word; choice++) {
		if (strcmp(choice->word, text) == 0)
			return choice;
		text_addf(&words, "%s\"%s\"", words.length ? ", " : "", choice->word);
	}
	err_set(err, "which is none of %s", text_string(&words));
	return NULL;
}

int conf_parse_choice(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	const struct conf_choice *choice = find_choice(key, text, err);

	(void)reader;
	if (!choice)
		return -1;
	memcpy(ret_field, &choice->value, sizeof(choice->value));
	return 0;
}

int conf_parse_flag(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	const struct conf_choice *choice = find_choice(key, text, err);
	bool flag = choice && choice->value != 0;

	(void)reader;
	if (!choice)
		return -1;
	memcpy(ret_field, &flag, sizeof(flag));
	return 0;
}
