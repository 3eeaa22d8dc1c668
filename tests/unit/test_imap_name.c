#include "io/imap_name.h"

#include "tests/rows.h"

struct decoding {
	const char *name, *raw, *utf8;
};

static const struct decoding decodings[] = {
	{ "plain", "INBOX", "INBOX" },
	{ "Danish", "Bes&APg-gssvar/&AMY-ldre &AMU-r", "Besøgssvar/Ældre År" },
	{ "junk mail", "U&APg-nsket mail", "Uønsket mail" },
	{ "ampersand", "Teknik &- Milj&APg-", "Teknik & Miljø" },
	{ "RFC 3501's example", "~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語" },
	{ "beyond the first plane", "&2D3eAA-", "😀" },
	{ "decomposed letters", "A&Awo-rhus", "Århus" },
	{ "half a surrogate", "&2D0-x", "&2D0-x" },
	{ "a lone low surrogate", "&3gA-x", "&3gA-x" },
	{ "no end", "&APg", "&APg" },
	{ "bits left over", "&APgAPgA-", "&APgAPgA-" },
	{ "a zero character", "a&AAA-b", "a&AAA-b" },
	{ "UTF-8 as it is", "Besøg", "Besøg" },
	{ "ISO-8859-1 as it is", "Bes\xf8g", "Bes?g" },
	{ "a right-to-left override", "a&IC4-b", "a???b" },
	{ "an escape sequence", "a\033[31mb", "a?[31mb" },
	{ "empty", "", "" },
};

struct naming {
	const char *name, *folder;
	char delimiter;
	enum imap_use use;
};

static const struct naming namings[] = {
	{ "inbox", "INBOX", '/', IMAP_USE_ORDINARY },
	{ "below the inbox", "INBOX/Sager", '/', IMAP_USE_ORDINARY },
	{ "drafts", "Kladder", '/', IMAP_USE_DRAFTS },
	{ "drafts in English", "Drafts", '/', IMAP_USE_DRAFTS },
	{ "junk, upper case", "UØNSKET MAIL", '/', IMAP_USE_JUNK },
	{ "Exchange's junk", "Junk Email", '/', IMAP_USE_JUNK },
	{ "trash", "Slettet post", '/', IMAP_USE_TRASH },
	{ "below the trash", "Slettet post/Gamle sager", '/', IMAP_USE_TRASH },
	{ "Courier's trash", "INBOX.Trash", '.', IMAP_USE_TRASH },
	{ "Exchange's trash", "Deleted Items", '/', IMAP_USE_TRASH },
	{ "sent", "Sendt post", '/', IMAP_USE_SENT },
	{ "Exchange's sent", "Sent Items", '/', IMAP_USE_SENT },
	{ "outbox", "Udbakke", '/', IMAP_USE_NO_MAIL },
	{ "calendar", "Kalender/Helligdage", '/', IMAP_USE_NO_MAIL },
	{ "contacts", "Contacts", '/', IMAP_USE_NO_MAIL },
	{ "a case folder of that name", "Sager/Opgaver", '/', IMAP_USE_ORDINARY },
	{ "only begins like it", "Kalendersager", '/', IMAP_USE_ORDINARY },
	{ "no hierarchy", "Slettet post/Gamle", 0, IMAP_USE_ORDINARY },
};

static void test_decoding(void **state)
{
	const struct decoding *row = *state;
	struct arena arena = ARENA_NULL;

	assert_string_equal(imap_name_decode(&arena, row->raw), row->utf8);
	arena_done(&arena);
}

static void test_naming(void **state)
{
	const struct naming *row = *state;

	assert_int_equal(imap_use_of_name(row->folder, row->delimiter), row->use);
}

static void test_attributes(void **state)
{
	(void)state;
	assert_int_equal(imap_use_of_attribute("\\Sent"), IMAP_USE_SENT);
	assert_int_equal(imap_use_of_attribute("drafts"), IMAP_USE_DRAFTS);
	assert_int_equal(imap_use_of_attribute("\\Junk"), IMAP_USE_JUNK);
	assert_int_equal(imap_use_of_attribute("\\Trash"), IMAP_USE_TRASH);
	assert_int_equal(imap_use_of_attribute("\\All"), IMAP_USE_VIRTUAL);
	assert_int_equal(imap_use_of_attribute("\\Archive"), IMAP_USE_ORDINARY);
	assert_int_equal(imap_use_of_attribute("\\HasNoChildren"), IMAP_USE_ORDINARY);
	assert_true(imap_use_is_read(IMAP_USE_ORDINARY));
	assert_true(imap_use_is_read(IMAP_USE_SENT));
	assert_false(imap_use_is_read(IMAP_USE_TRASH));
	assert_false(imap_use_is_read(IMAP_USE_NO_MAIL));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_attributes) };

	return RUN_ROWS(decodings, test_decoding) + RUN_ROWS(namings, test_naming) +
		cmocka_run_group_tests(tests, NULL, NULL);
}
