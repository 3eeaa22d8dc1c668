#include "io/imap_name.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

struct use_name {
	const char *name;
	enum imap_use use;
};

/* RFC 6154, 2. */
static const struct use_name attributes[] = {
	{ "Sent", IMAP_USE_SENT },
	{ "Drafts", IMAP_USE_DRAFTS },
	{ "Junk", IMAP_USE_JUNK },
	{ "Trash", IMAP_USE_TRASH },
	{ "All", IMAP_USE_VIRTUAL },
	{ "Flagged", IMAP_USE_VIRTUAL },
	{ "Important", IMAP_USE_VIRTUAL },	/* RFC 8457 */
};

/* What mail programs and servers call them, in English and Danish, where no attribute says it. */
static const struct use_name names[] = {
	{ "Sent", IMAP_USE_SENT }, { "Sent Items", IMAP_USE_SENT }, { "Sent Mail", IMAP_USE_SENT },
	{ "Sent Messages", IMAP_USE_SENT }, { "Sendt post", IMAP_USE_SENT }, { "Sendt", IMAP_USE_SENT },
	{ "Sendte elementer", IMAP_USE_SENT }, { "Sendt mail", IMAP_USE_SENT },
	{ "Drafts", IMAP_USE_DRAFTS }, { "Draft", IMAP_USE_DRAFTS }, { "Kladder", IMAP_USE_DRAFTS },
	{ "Kladde", IMAP_USE_DRAFTS }, { "Templates", IMAP_USE_DRAFTS }, { "Skabeloner", IMAP_USE_DRAFTS },
	{ "Junk", IMAP_USE_JUNK }, { "Junk Email", IMAP_USE_JUNK }, { "Junk E-mail", IMAP_USE_JUNK },
	{ "Spam", IMAP_USE_JUNK }, { "Uønsket mail", IMAP_USE_JUNK }, { "Uønsket e-mail", IMAP_USE_JUNK },
	{ "Uønsket post", IMAP_USE_JUNK }, { "Clutter", IMAP_USE_JUNK },
	{ "Trash", IMAP_USE_TRASH }, { "Deleted Items", IMAP_USE_TRASH }, { "Deleted Messages", IMAP_USE_TRASH },
	{ "Deleted", IMAP_USE_TRASH }, { "Slettet post", IMAP_USE_TRASH }, { "Slettet", IMAP_USE_TRASH },
	{ "Slettede elementer", IMAP_USE_TRASH }, { "Slettet mail", IMAP_USE_TRASH }, { "Papirkurv", IMAP_USE_TRASH },
	{ "Recoverable Items", IMAP_USE_TRASH },
	{ "Search Folders", IMAP_USE_VIRTUAL }, { "Søgemapper", IMAP_USE_VIRTUAL },
	{ "Outbox", IMAP_USE_NO_MAIL }, { "Udbakke", IMAP_USE_NO_MAIL },
	{ "Calendar", IMAP_USE_NO_MAIL }, { "Kalender", IMAP_USE_NO_MAIL },
	{ "Contacts", IMAP_USE_NO_MAIL }, { "Kontakter", IMAP_USE_NO_MAIL }, { "Kontaktpersoner", IMAP_USE_NO_MAIL },
	{ "Tasks", IMAP_USE_NO_MAIL }, { "Opgaver", IMAP_USE_NO_MAIL },
	{ "Notes", IMAP_USE_NO_MAIL }, { "Noter", IMAP_USE_NO_MAIL },
	{ "Journal", IMAP_USE_NO_MAIL },
	{ "Sync Issues", IMAP_USE_NO_MAIL }, { "Synkroniseringsproblemer", IMAP_USE_NO_MAIL },
	{ "Conversation History", IMAP_USE_NO_MAIL }, { "Samtalehistorik", IMAP_USE_NO_MAIL },
	{ "RSS Feeds", IMAP_USE_NO_MAIL }, { "RSS-feeds", IMAP_USE_NO_MAIL },
};

bool imap_use_is_read(enum imap_use use)
{
	return use == IMAP_USE_ORDINARY || use == IMAP_USE_SENT;
}

enum imap_use imap_use_of_attribute(const char *attribute)
{
	attribute += attribute[0] == '\\';
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (strcasecmp(attribute, attributes[i].name) == 0)
			return attributes[i].use;
	return IMAP_USE_ORDINARY;
}

static bool is_inbox(const char *part, size_t length)
{
	return length == 5 && strncasecmp(part, "INBOX", 5) == 0;
}

/* By its first part, below INBOX as Cyrus and Courier have it: what lies in Trash is trash, whatever its name. */
enum imap_use imap_use_of_name(const char *name, char delimiter)
{
	const char *end = delimiter ? strchr(name, delimiter) : NULL;
	enum imap_use use = IMAP_USE_ORDINARY;
	struct text part = TEXT_NULL;

	if (end && is_inbox(name, (size_t)(end - name))) {
		name = end + 1;
		end = strchr(name, delimiter);
	}
	text_add_bytes(&part, name, end ? (size_t)(end - name) : strlen(name));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_equal_fold(part.data, names[i].name))
			use = names[i].use;
	text_done(&part);
	return use;
}

/* RFC 3501, 5.1.3: modified base64 has a comma for the slash, and no padding. */
static int base64_value(char byte)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
	const char *at = byte ? strchr(alphabet, byte) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

static void add_character(struct text *text, uint32_t character)
{
	char utf8[4];
	size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

	for (size_t i = length - 1; i > 0; i--, character >>= 6)
		utf8[i] = (char)(0x80 | (character & 0x3f));
	utf8[0] = (char)(length == 1 ? character : (0xf00u >> length & 0xff) | character);
	text_add_bytes(text, utf8, length);
}

/* UTF-16 in base64 between '&' and '-'; steps over it. Surrogates must pair, nothing may be left over. */
static bool decode_shifted(const char **at, struct text *text)
{
	uint32_t bits = 0, high = 0;
	int count = 0, value;

	for (; (value = base64_value(**at)) >= 0; (*at)++) {
		uint32_t unit;

		bits = bits << 6 | (uint32_t)value;
		count += 6;
		if (count < 16)
			continue;
		count -= 16;
		unit = bits >> count & 0xffff;
		/* a low surrogate exactly behind a high one */
		if (unit == 0 || (high != 0) != (unit >= 0xdc00 && unit < 0xe000))
			return false;
		if (unit >= 0xd800 && unit < 0xdc00) {
			high = unit;
			continue;
		}
		add_character(text, high ? 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00) : unit);
		high = 0;
	}
	return **at == '-' && !high && count < 6;
}

static bool decode(const char *raw, struct text *text)
{
	for (; *raw; raw++) {
		if ((unsigned char)*raw >= 0x80)
			return false;
		if (*raw != '&') {
			text_add_bytes(text, raw, 1);
		} else if (raw[1] == '-') {
			text_add(text, "&");
			raw++;
		} else {
			raw++;
			if (!decode_shifted(&raw, text))
				return false;
		}
	}
	return true;
}

/* What cannot be decoded is shown as it is, without what a terminal would act upon. */
char *imap_name_decode(struct arena *arena, const char *raw)
{
	struct text text = TEXT_NULL;
	char *name;

	if (decode(raw, &text) && text.length > 0 && text_is_utf8(text.data, text.length))
		name = text_nfc(arena, text.data);
	else
		name = arena_strdup(arena, raw);
	text_done(&text);
	if (!text_is_utf8(name, strlen(name)) || text_has_hidden(name))
		for (char *at = name; *at; at++)
			if ((unsigned char)*at >= 0x80 || (unsigned char)*at < 0x20 || *at == 0x7f)
				*at = '?';
	return name;
}

