#include "core/trust.h"

#include "tests/rows.h"

/*
 * The fields stand one a line, topmost first: "R …" Received, "A …" Authentication-Results, "X …" AuthAs. The border of
 * the mailbox is mx.example.dk, and an LMTP server writes above it.
 */
struct row {
	const char *name;
	const char *from, *sender;
	const char *fields;
	enum trust_grade grade;
	const char *evidence;	/* stands somewhere in the evidence; NULL: any */
};

#define LMTP "R from mx.example.dk ([127.0.0.1]) by mail.example.dk with LMTP id x1 for <mt@example.dk>; Mon\n"
#define BORDER "R from client ([192.0.2.7] helo=client) by mx.example.dk with esmtpsa (TLS1.3) (Exim 4.96) id 1a; Mon\n"
#define OURS(results) LMTP "A mx.example.dk; " results "\n" BORDER

#define HEAD "chef@example.dk"
#define MAILBOX "mt@example.dk"
#define CITIZEN "borger@example.com"

#define STRINGS(...) { .items = (const char *const[]){ __VA_ARGS__ }, \
	.count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) }

static const struct directory_person people[] = {
	{ .id = "chef", .name = "Chef", .address = HEAD, .aliases = STRINGS("afdelingschef@example.dk"),
		.logins = STRINGS("chef", "che01") },
	{ .id = "pia", .name = "Pia", .address = "pia@example.dk", .logins = STRINGS("pia") },
	{ .id = "eva", .name = "Eva", .address = "eva@example.dk", .logins = STRINGS("eva"), .on_behalf_of = STRINGS("chef") },
};

static const struct directory directory = { .people = people, .people_count = 3, .domains = STRINGS("example.dk") };
static const struct trust_mailbox mailbox = { .addresses = STRINGS(MAILBOX), .logins = STRINGS("mt") };

static const struct trust_profile authserv = { .kind = TRUST_PROFILE_AUTHSERV, .authserv_id = "mx.example.dk",
	.border = STRINGS("mx.example.dk", "mx2.example.dk") };
static const struct trust_profile borderless = { .kind = TRUST_PROFILE_AUTHSERV, .authserv_id = "mx.example.dk" };
static const struct trust_profile exchange = { .kind = TRUST_PROFILE_EXCHANGE };
static const struct trust_profile online = { .kind = TRUST_PROFILE_EXCHANGE_ONLINE,
	.border = STRINGS(".mail.protection.example.com") };
static const struct trust_profile nothing = { .kind = TRUST_PROFILE_NONE };

static const struct row authserv_rows[] = {
	{ "login of the person", HEAD, NULL, OURS("auth=pass smtp.auth=chef"), TRUST_ALIGNED, "smtp.auth=chef" },
	{ "second login", HEAD, NULL, OURS("auth=pass smtp.auth=che01"), TRUST_ALIGNED, NULL },
	{ "login in capitals", HEAD, NULL, OURS("auth=pass smtp.auth=Chef"), TRUST_ALIGNED, NULL },
	{ "address as login", HEAD, NULL, OURS("auth=pass smtp.auth=chef@example.dk"), TRUST_ALIGNED, NULL },
	{ "alias as login", HEAD, NULL, OURS("auth=pass smtp.auth=afdelingschef@example.dk"), TRUST_ALIGNED, NULL },
	{ "a colleague whom the directory lacks, by his address", "nyansat@example.dk", NULL,
		OURS("auth=pass smtp.auth=nyansat@example.dk"), TRUST_ALIGNED, "smtp.auth=nyansat@example.dk" },
	{ "by another's address", "nyansat@example.dk", NULL, OURS("auth=pass smtp.auth=pia@example.dk"), TRUST_NONE, NULL },
	{ "by another login", "nyansat@example.dk", NULL, OURS("auth=pass smtp.auth=nyansat"), TRUST_NONE, NULL },
	{ "a stranger who logs in with his own address", CITIZEN, NULL, OURS("auth=pass smtp.auth=borger@example.com"),
		TRUST_NONE, NULL },
	{ "from an alias", "afdelingschef@example.dk", NULL, OURS("auth=pass smtp.auth=chef"), TRUST_ALIGNED, NULL },
	{ "as Exim writes it", HEAD, NULL,
		LMTP "A mx.example.dk;\tiprev=fail smtp.remote-ip=192.0.2.7;\tauth=pass (PLAIN) smtp.auth=chef\n" BORDER,
		TRUST_ALIGNED, "Authentication-Results: mx.example.dk; iprev=fail" },
	{ "dkim of the domain", HEAD, NULL, OURS("dkim=pass header.d=example.dk header.s=s1 header.b=\"a/b+c=\""),
		TRUST_ALIGNED,
		"dkim=pass" },
	{ "a citizen's CPR number is masked", CITIZEN, NULL,
		OURS("spf=pass smtp.mailfrom=0101701234@borger.example.com; dkim=pass header.d=example.com"), TRUST_ALIGNED,
		"smtp.mailfrom=xxxxxxxxxx@borger.example.com; dkim" },
	{ "dkim, base64 unquoted", HEAD, NULL, OURS("dkim=pass header.b=Ab/d+e== header.d=example.dk"), TRUST_ALIGNED,
		NULL },
	{ "dkim of an outsider", CITIZEN, NULL, OURS("dkim=pass header.d=example.com"), TRUST_ALIGNED, NULL },
	{ "dmarc of the domain", HEAD, NULL, OURS("dmarc=pass (p=reject) header.from=example.dk"), TRUST_ALIGNED, NULL },
	{ "case does not matter", HEAD, NULL, LMTP "A MX.Example.DK; DKIM=Pass Header.D=Example.DK\n" BORDER, TRUST_ALIGNED,
		NULL },
	{ "version 1", HEAD, NULL, LMTP "A mx.example.dk 1; auth=pass smtp.auth=chef\n" BORDER, TRUST_ALIGNED, NULL },
	{ "method version 1", HEAD, NULL, OURS("auth/1=pass smtp.auth=chef"), TRUST_ALIGNED, NULL },
	{ "space and comments everywhere", HEAD, NULL, LMTP
		"A (a) mx.example.dk (b(c)) 1 (d) ; (e) auth (f) / (g) 1 (h) = (i) pass (j) smtp (k) . auth = (l) chef (m) ;\n"
		BORDER, TRUST_ALIGNED, NULL },
	{ "reason", HEAD, NULL, OURS("auth=pass reason=\"good; dmarc=fail (\" smtp.auth=chef"), TRUST_ALIGNED, NULL },
	{ "quoted value", HEAD, NULL, OURS("auth=pass smtp.auth=\"chef\""), TRUST_ALIGNED, NULL },
	{ "quoted authserv-id", HEAD, NULL, LMTP "A \"mx.example.dk\"; auth=pass smtp.auth=chef\n" BORDER, TRUST_ALIGNED,
		NULL },
	{ "quoted local part of something else", HEAD, NULL,
		OURS("spf=pass smtp.mailfrom=\"x; y\"@example.net; auth=pass smtp.auth=chef"), TRUST_ALIGNED, NULL },
	{ "unknown method beside", HEAD, NULL, OURS("x-new=pass a.b=c; auth=pass smtp.auth=chef"), TRUST_ALIGNED, NULL },
	{ "dkim of a list beside dkim of the domain", HEAD, NULL,
		OURS("dkim=pass header.d=list.example.net; dkim=pass header.d=example.dk"), TRUST_ALIGNED, NULL },
	{ "broken dkim of a list beside", HEAD, NULL, OURS("dkim=fail header.d=example.net; dkim=pass header.d=example.dk"),
		TRUST_ALIGNED, NULL },
	{ "two fields of ours that agree", HEAD, NULL, LMTP "A mx.example.dk; spf=pass smtp.mailfrom=example.dk\n"
		"A mx.example.dk; dkim=pass header.d=example.dk\n" BORDER, TRUST_ALIGNED, "dkim=pass" },
	{ "a foreign field above ours", HEAD, NULL, LMTP "A other.example.net; dkim=fail header.d=example.dk\n"
		"A mx.example.dk; auth=pass smtp.auth=chef\n" BORDER, TRUST_ALIGNED, NULL },
	{ "a foreign field that cannot be read", HEAD, NULL,
		LMTP "A (((\nA mx.example.dk; auth=pass smtp.auth=chef\n" BORDER,
		TRUST_ALIGNED, NULL },
	{ "second border host", HEAD, NULL, "A mx.example.dk; auth=pass smtp.auth=chef\n"
		"R from x by MX2.example.dk (Postfix) with ESMTPS\n", TRUST_ALIGNED, NULL },
	{ "a server above names the border elsewhere", HEAD, NULL,
		"R by mail.example.dk (for mx.example.dk) with LMTP\nA mx.example.dk; auth=pass smtp.auth=chef\n" BORDER,
		TRUST_ALIGNED, NULL },
	{ "no LMTP server above", HEAD, NULL, "A mx.example.dk; auth=pass smtp.auth=chef\n" BORDER, TRUST_ALIGNED, NULL },

	{ "mailbox by its login", MAILBOX, NULL, OURS("auth=pass smtp.auth=mt"), TRUST_ALIGNED, NULL },
	{ "mailbox by a person's login", MAILBOX, NULL, OURS("auth=pass smtp.auth=pia"), TRUST_NONE, "speaks against" },
	{ "person by the mailbox's login", HEAD, NULL, OURS("auth=pass smtp.auth=mt"), TRUST_NONE, "speaks against" },
	{ "mailbox's login on behalf of the mailbox", MAILBOX, "pia@example.dk", OURS("auth=pass smtp.auth=mt"),
		TRUST_ALIGNED,
		NULL },
	{ "person's login on behalf of the mailbox", MAILBOX, "pia@example.dk", OURS("auth=pass smtp.auth=pia"), TRUST_NONE,
		NULL },
	{ "on behalf of the head, by one who may", HEAD, "eva@example.dk", OURS("auth=pass smtp.auth=eva"), TRUST_ALIGNED,
		"sent on behalf of From by eva@example.dk: " },
	{ "the head's login does not vouch for her", HEAD, "eva@example.dk", OURS("auth=pass smtp.auth=chef"), TRUST_NONE,
		"sent on behalf of From by eva@example.dk: " },
	{ "nor does she send for a colleague", "pia@example.dk", "eva@example.dk", OURS("auth=pass smtp.auth=eva"),
		TRUST_NONE, "on behalf of From, who is not vouched for, by eva@example.dk" },
	{ "on behalf of the head", HEAD, "pia@example.dk", OURS("auth=pass smtp.auth=pia"), TRUST_NONE,
		"on behalf of From, who is not vouched for, by pia@example.dk" },
	{ "on behalf of the head, with the head's login", HEAD, "pia@example.dk", OURS("auth=pass smtp.auth=chef"),
		TRUST_NONE,
		"on behalf" },
	{ "on behalf of the head, dkim of the house", HEAD, "pia@example.dk", OURS("dkim=pass header.d=example.dk"),
		TRUST_NONE,
		"on behalf" },
	{ "mailbox on behalf of the head", HEAD, MAILBOX, OURS("auth=pass smtp.auth=mt"), TRUST_NONE, "on behalf" },
	{ "on behalf of an outsider", CITIZEN, "pia@example.dk", OURS("dkim=pass header.d=example.com"), TRUST_NONE,
		"on behalf" },
	{ "sender is the same", HEAD, HEAD, OURS("auth=pass smtp.auth=chef"), TRUST_ALIGNED, NULL },
	{ "sender is an alias of the same", HEAD, "afdelingschef@example.dk", OURS("auth=pass smtp.auth=chef"),
		TRUST_ALIGNED,
		NULL },

	{ "no From", NULL, NULL, OURS("auth=pass smtp.auth=chef"), TRUST_NONE, "not exactly one valid address" },
	{ "no results at all", HEAD, NULL, LMTP BORDER, TRUST_NONE, "no Authentication-Results of ours" },
	{ "no fields at all", HEAD, NULL, "", TRUST_NONE, "no Received of our border" },
	{ "none", HEAD, NULL, OURS("none"), TRUST_NONE, "does not vouch" },
	{ "none with a comment", HEAD, NULL, OURS("none (auth=pass smtp.auth=chef)"), TRUST_NONE, "does not vouch" },
	{ "id without results", HEAD, NULL, LMTP "A mx.example.dk\n" BORDER, TRUST_NONE, "cannot be read" },
	{ "spf alone", HEAD, NULL, OURS("spf=pass smtp.mailfrom=example.dk"), TRUST_NONE, "does not vouch" },
	{ "spf with another's property", HEAD, NULL,
		OURS("spf=pass header.d=example.dk header.from=example.dk smtp.auth=chef"),
		TRUST_NONE, NULL },
	{ "dkim of another domain", HEAD, NULL, OURS("dkim=pass header.d=evil.example"), TRUST_NONE, NULL },
	{ "dkim of a sub-domain", HEAD, NULL, OURS("dkim=pass header.d=mail.example.dk"), TRUST_NONE, NULL },
	{ "dkim of the domain above", "chef@mail.example.dk", NULL, OURS("dkim=pass header.d=example.dk"), TRUST_NONE,
		NULL },
	{ "dkim of a domain that ends alike", HEAD, NULL, OURS("dkim=pass header.d=evilexample.dk"), TRUST_NONE, NULL },
	{ "dkim with a dot at the end", HEAD, NULL, OURS("dkim=pass header.d=example.dk."), TRUST_NONE, NULL },
	{ "dkim of a look-alike", HEAD, NULL, OURS("dkim=pass header.d=\xD0\xB5xample.dk"), TRUST_NONE, NULL },
	{ "dkim of a look-alike in punycode", HEAD, NULL, OURS("dkim=pass header.d=xn--xample-2of.dk"), TRUST_NONE, NULL },
	{ "From in a look-alike", "chef@xn--xample-2of.dk", NULL, OURS("dkim=pass header.d=example.dk"), TRUST_NONE, NULL },
	{ "header.i only", HEAD, NULL, OURS("dkim=pass header.i=@example.dk"), TRUST_NONE, NULL },
	{ "header.d in a comment", HEAD, NULL, OURS("dkim=pass (header.d=example.dk) header.d=evil.example"), TRUST_NONE,
		NULL },
	{ "header.dd", HEAD, NULL, OURS("dkim=pass header.dd=example.dk"), TRUST_NONE, NULL },
	{ "headers.d", HEAD, NULL, OURS("dkim=pass headers.d=example.dk"), TRUST_NONE, NULL },
	{ "dmarc for another From", HEAD, NULL, OURS("dmarc=pass header.from=evil.example"), TRUST_NONE, NULL },
	{ "dmarc that names no From", HEAD, NULL, OURS("dmarc=pass (p=none)"), TRUST_NONE, NULL },
	{ "auth that names no login", HEAD, NULL, OURS("auth=pass"), TRUST_NONE, NULL },
	{ "auth for another login", HEAD, NULL, OURS("auth=pass smtp.auth=pia"), TRUST_NONE, "speaks against" },
	{ "auth of another, signed by the house", HEAD, NULL,
		OURS("auth=pass smtp.auth=pia; dkim=pass header.d=example.dk"),
		TRUST_NONE, "speaks against" },
	{ "auth for an outsider", CITIZEN, NULL, OURS("auth=pass smtp.auth=pia"), TRUST_NONE, NULL },
	{ "empty login", HEAD, NULL, OURS("auth=pass smtp.auth="), TRUST_NONE, NULL },
	{ "passing is not pass", HEAD, NULL, OURS("auth=passed smtp.auth=chef; dkim=pas header.d=example.dk"), TRUST_NONE,
		NULL },
	{ "auth none", HEAD, NULL, OURS("auth=none smtp.auth=chef"), TRUST_NONE, NULL },
	{ "auth failed", HEAD, NULL, OURS("auth=fail smtp.auth=chef; dkim=pass header.d=example.dk"), TRUST_NONE,
		"speaks against" },
	{ "dmarc failed, dkim passed", HEAD, NULL, OURS("dkim=pass header.d=example.dk; dmarc=fail header.from=example.dk"),
		TRUST_NONE, "speaks against" },
	{ "dmarc failed and names no From", HEAD, NULL, OURS("dkim=pass header.d=example.dk; dmarc=fail"), TRUST_NONE,
		NULL },
	{ "two of ours disagree", HEAD, NULL, LMTP "A mx.example.dk; dkim=pass header.d=example.dk\n"
		"A mx.example.dk; dkim=fail header.d=example.dk\n" BORDER, TRUST_NONE, "dkim=fail" },
	{ "two of ours name two logins", HEAD, NULL, LMTP "A mx.example.dk; auth=pass smtp.auth=chef\n"
		"A mx.example.dk; auth=pass smtp.auth=pia\n" BORDER, TRUST_NONE, "smtp.auth=pia" },
	{ "one of ours cannot be read", HEAD, NULL, LMTP "A mx.example.dk; auth=pass smtp.auth=chef\n"
		"A mx.example.dk; dkim=pass (\n" BORDER, TRUST_NONE, "cannot be read" },
	{ "two results of dmarc in one field", HEAD, NULL,
		OURS("dmarc=pass header.from=example.dk; dmarc=none header.from=example.dk"), TRUST_NONE, "cannot be read" },
	{ "a property twice, ours last", HEAD, NULL, OURS("auth=pass smtp.auth=pia smtp.auth=chef"), TRUST_NONE,
		"cannot be read" },
	{ "a property twice", HEAD, NULL, OURS("auth=pass smtp.auth=chef smtp.auth=pia"), TRUST_NONE, "cannot be read" },

	{ "foreign authserv-id", HEAD, NULL, LMTP "A mx.evil.example; auth=pass smtp.auth=chef\n" BORDER, TRUST_NONE,
		"no Authentication-Results of ours" },
	{ "authserv-id with more behind", HEAD, NULL, LMTP "A mx.example.dk.evil; auth=pass smtp.auth=chef\n" BORDER,
		TRUST_NONE,
		NULL },
	{ "authserv-id with more before", HEAD, NULL, LMTP "A a.mx.example.dk; auth=pass smtp.auth=chef\n" BORDER,
		TRUST_NONE,
		NULL },
	{ "authserv-id in a comment", HEAD, NULL, LMTP "A (mx.example.dk;) evil; auth=pass smtp.auth=chef\n" BORDER,
		TRUST_NONE,
		NULL },
	{ "authserv-id after another", HEAD, NULL, LMTP "A evil mx.example.dk; auth=pass smtp.auth=chef\n" BORDER,
		TRUST_NONE,
		NULL },
	{ "authserv-id with a path", HEAD, NULL, LMTP "A mx.example.dk/x; auth=pass smtp.auth=chef\n" BORDER, TRUST_NONE,
		NULL },
	{ "no authserv-id", HEAD, NULL, LMTP "A auth=pass smtp.auth=chef\n" BORDER, TRUST_NONE, NULL },
	{ "unknown version", HEAD, NULL, LMTP "A mx.example.dk 2; auth=pass smtp.auth=chef\n" BORDER, TRUST_NONE, NULL },
	{ "unknown method version", HEAD, NULL, OURS("auth/2=pass smtp.auth=chef"), TRUST_NONE, NULL },
	{ "comment that does not end", HEAD, NULL, OURS("auth=pass (x smtp.auth=chef"), TRUST_NONE, "cannot be read" },
	{ "comment ends in a backslash", HEAD, NULL, OURS("auth=pass smtp.auth=chef (x\\"), TRUST_NONE, "cannot be read" },
	{ "escaped end of a comment", HEAD, NULL, OURS("auth=fail (x\\) ; auth=pass smtp.auth=chef) smtp.auth=x"),
		TRUST_NONE,
		NULL },
	{ "comment ended too often", HEAD, NULL, OURS("auth=pass (x)) smtp.auth=chef"), TRUST_NONE, "cannot be read" },
	{ "semicolon in a comment", HEAD, NULL, OURS("spf=fail (; auth=pass smtp.auth=chef)"), TRUST_NONE,
		"does not vouch" },
	{ "results in a quoted string", HEAD, NULL, OURS("spf=fail reason=\"; auth=pass smtp.auth=chef\""), TRUST_NONE,
		"does not vouch" },
	{ "escaped quote in a quoted string", HEAD, NULL, OURS("spf=fail reason=\"\\\"; auth=pass smtp.auth=chef\""),
		TRUST_NONE,
		NULL },
	{ "quoted string that does not end", HEAD, NULL, OURS("auth=pass smtp.auth=chef reason=\"x"), TRUST_NONE,
		"cannot be read" },
	{ "bare word glued to a quoted one", HEAD, NULL, OURS("auth=pass smtp.auth=chef\"x\""), TRUST_NONE,
		"cannot be read" },
	{ "quoted one glued to a bare word", HEAD, NULL, OURS("auth=pass smtp.auth=\"chef\"x"), TRUST_NONE,
		"cannot be read" },
	{ "login with a domain behind", HEAD, NULL, OURS("auth=pass smtp.auth=\"chef\"@evil.example"), TRUST_NONE, NULL },
	{ "result without its semicolon", HEAD, NULL, OURS("spf=pass auth=pass smtp.auth=chef"), TRUST_NONE, NULL },
	{ "none with results", HEAD, NULL, OURS("none; auth=pass smtp.auth=chef"), TRUST_NONE, "cannot be read" },

	{ "ours below the border", HEAD, NULL, LMTP BORDER "A mx.example.dk; auth=pass smtp.auth=chef\n", TRUST_NONE,
		"no Authentication-Results of ours" },
	{ "forged below the border with a forged Received", HEAD, NULL,
		LMTP BORDER "A mx.example.dk; auth=pass smtp.auth=chef\n" BORDER, TRUST_NONE, NULL },
	{ "HELO by", HEAD, NULL, LMTP "R from by ([192.0.2.7] helo=by) by mx.example.dk with esmtp\n"
		"A mx.example.dk; auth=pass smtp.auth=chef\n" BORDER, TRUST_NONE, NULL },
	{ "HELO opens a comment", HEAD, NULL, LMTP "R from x ([192.0.2.7] helo=x() by mx.example.dk with esmtp\n"
		"A mx.example.dk; auth=pass smtp.auth=chef\n" BORDER, TRUST_NONE, NULL },
	{ "the border never saw it", HEAD, NULL, LMTP "A mx.example.dk; auth=pass smtp.auth=chef\n", TRUST_NONE,
		"no Received of our border" },
	{ "host that begins like the border", HEAD, NULL, "A mx.example.dk; auth=pass smtp.auth=chef\n"
		"R from x by mx.example.dk.evil with esmtp\n", TRUST_NONE, "no Received of our border" },
	{ "AuthAs on another server", HEAD, NULL, "X Internal\n" LMTP BORDER, TRUST_NONE, NULL },
};

static const struct row borderless_rows[] = {
	{ "above all Received", HEAD, NULL, "A mx.example.dk; auth=pass smtp.auth=chef\n" BORDER, TRUST_ALIGNED, NULL },
	{ "below the topmost Received", HEAD, NULL, OURS("auth=pass smtp.auth=chef"), TRUST_NONE, NULL },
	{ "no Received", HEAD, NULL, "A mx.example.dk; auth=pass smtp.auth=chef\n", TRUST_NONE, NULL },
};

static const struct row exchange_rows[] = {
	{ "internal", HEAD, NULL, BORDER "X Internal\n", TRUST_INTERNAL, "X-MS-Exchange-Organization-AuthAs: Internal" },
	{ "anonymous", HEAD, NULL, "X Anonymous\n", TRUST_NONE, "Anonymous" },
	{ "Internal74", HEAD, NULL, "X Internal74\n", TRUST_NONE, "Internal74" },
	{ "small letters", HEAD, NULL, "X internal\n", TRUST_NONE, NULL },
	{ "with a comment", HEAD, NULL, "X Internal (really)\n", TRUST_NONE, NULL },
	{ "empty", HEAD, NULL, "X \n", TRUST_NONE, NULL },
	{ "two of them", HEAD, NULL, "X Internal\nX Internal\n", TRUST_NONE, "more than one" },
	{ "absent", HEAD, NULL, "", TRUST_NONE, "no X-MS-Exchange-Organization-AuthAs" },
	{ "results do not count here", HEAD, NULL, OURS("dmarc=pass header.from=example.dk"), TRUST_NONE, NULL },
	{ "internal on behalf of the head", HEAD, "pia@example.dk", "X Internal\n", TRUST_NONE, "on behalf" },
	{ "internal on behalf of the mailbox", MAILBOX, "pia@example.dk", "X Internal\n", TRUST_INTERNAL, NULL },
	{ "internal without From", NULL, NULL, "X Internal\n", TRUST_NONE, NULL },
};

#define INNER "R from a.outlook.example.com by b.outlook.example.com with Microsoft SMTP Server\n"
#define FRONT "R from mail.example.com (192.0.2.7) by DB1.mail.protection.example.com (10.0.0.1) with Microsoft\n"

static const struct row online_rows[] = {
	{ "internal", HEAD, NULL, "X Internal\n", TRUST_INTERNAL, NULL },
	{ "as Exchange Online writes it", HEAD, NULL, INNER "A spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=example.dk; "
		"dkim=pass (signature was verified) header.d=example.dk;dmarc=pass action=none header.from=example.dk;"
		"compauth=pass reason=100\n" FRONT "X Anonymous\n", TRUST_ALIGNED, "compauth=pass" },
	{ "below the border", HEAD, NULL, INNER FRONT "A dmarc=pass header.from=example.dk\n", TRUST_NONE, NULL },
	{ "not the topmost", HEAD, NULL, INNER "A spf=pass smtp.mailfrom=x\nA dmarc=pass header.from=example.dk\n" FRONT,
		TRUST_NONE, NULL },
	{ "a foreign one on top", HEAD, NULL, INNER "A evil; dmarc=pass header.from=example.dk\n"
		"A dmarc=pass header.from=example.dk\n" FRONT, TRUST_NONE, NULL },
	{ "two AuthAs spoil all", HEAD, NULL,
		INNER "A dmarc=pass header.from=example.dk\n" FRONT "X Internal\nX Anonymous\n",
		TRUST_NONE, "more than one" },
	{ "host that ends like the border", HEAD, NULL, "A dmarc=pass header.from=example.dk\n"
		"R from x by evilmail.protection.example.com with y\n", TRUST_NONE, "no Received of our border" },
};

static const struct row nothing_rows[] = {
	{ "all that could vouch", HEAD, NULL, OURS("auth=pass smtp.auth=chef") "X Internal\n", TRUST_NONE,
		"no trust profile" },
};

static const struct row sent_rows[] = {
	{ "put there by a mail program", MAILBOX, NULL, "", TRUST_ALIGNED, "sent items" },
	{ "so, for the mailbox", MAILBOX, "pia@example.dk", "", TRUST_ALIGNED, NULL },
	{ "another's name", HEAD, NULL, "", TRUST_NONE, NULL },
	{ "came by mail and was moved there", MAILBOX, NULL, "R from x by mx.example.dk\n", TRUST_NONE, NULL },
	{ "only says that it came by mail", MAILBOX, NULL, "R whatever\n", TRUST_NONE, NULL },
};

static size_t read_fields(char *text, struct message_trace *traces)
{
	size_t count = 0;
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n")) && *line)
		traces[count++] = (struct message_trace){
			.field = *line == 'R' ? MESSAGE_TRACE_RECEIVED :
				*line == 'A' ? MESSAGE_TRACE_AUTHENTICATION_RESULTS : MESSAGE_TRACE_AUTH_AS,
			.value = line + 2,
		};
	return count;
}

static void judge_in(const struct trust_mailbox *where, const struct trust_profile *profile, const struct row *row)
{
	struct arena arena = ARENA_NULL;
	struct message_trace traces[16];
	struct message_address from = { .address = row->from }, sender = { .address = row->sender };
	struct message message = { .from = row->from ? &from : NULL, .sender = row->sender ? &sender : NULL };
	struct trust trust;

	message.traces.count = read_fields(arena_strdup(&arena, row->fields), traces);
	message.traces.items = traces;
	trust_judge(&arena, profile, &directory, where, &message, &trust);
	assert_string_equal(trust_grade_name(trust.grade), trust_grade_name(row->grade));
	assert_int_equal(trust.trusted, row->grade != TRUST_NONE);
	assert_non_null(trust.evidence);
	if (row->evidence && !strstr(trust.evidence, row->evidence))
		fail_msg("evidence: %s", trust.evidence);
	arena_done(&arena);
}

static void judge(const struct trust_profile *profile, const struct row *row)
{
	judge_in(&mailbox, profile, row);
}

static void test_sent(void **state)
{
	struct trust_mailbox sent = mailbox;

	sent.sent_items = true;
	judge_in(&sent, &authserv, *state);
	judge_in(&sent, &exchange, *state);
}

static void test_authserv(void **state) { judge(&authserv, *state); }
static void test_borderless(void **state) { judge(&borderless, *state); }
static void test_exchange(void **state) { judge(&exchange, *state); }
static void test_online(void **state) { judge(&online, *state); }
static void test_nothing(void **state) { judge(&nothing, *state); }

/* What surrounds a value of a field of ours, so long that only a reader without recursion and with caps survives it. */
static enum trust_grade judge_long(const char *before, const char *repeated, size_t count, const char *after,
	const char **ret_evidence, struct arena *arena)
{
	size_t before_length = strlen(before), length = strlen(repeated);
	char *value = arena_alloc(arena, before_length + length * count + strlen(after) + 1);
	struct message_address from = { .address = HEAD };
	struct message_trace traces[] = {
		{ MESSAGE_TRACE_AUTHENTICATION_RESULTS, value },
		{ MESSAGE_TRACE_RECEIVED, "from x by mx.example.dk" },
	};
	struct message message = { .from = &from, .traces = { traces, 2 } };
	struct trust trust;

	memcpy(value, before, before_length);
	for (size_t i = 0; i < count; i++)
		memcpy(value + before_length + i * length, repeated, length);
	memcpy(value + before_length + length * count, after, strlen(after));
	trust_judge(arena, &authserv, &directory, &mailbox, &message, &trust);
	*ret_evidence = trust.evidence;
	return trust.grade;
}

static void test_size(void **state)
{
	static const struct {
		const char *before, *repeated;
		size_t count;
		const char *after;
		enum trust_grade grade;
	} cases[] = {
		{ "mx.example.dk; auth=pass ", "(", 10, "))))))))))smtp.auth=chef", TRUST_ALIGNED },
		{ "mx.example.dk; auth=pass ", "(", 60000, "", TRUST_NONE },
		{ "mx.example.dk; auth=pass smtp.auth=chef ", "()", 30000, "", TRUST_ALIGNED },
		{ "mx.example.dk; auth=pass smtp.auth=chef (", "æ", 30000, ")", TRUST_ALIGNED },
		{ "mx.example.dk; auth=pass smtp.auth=chef", ";", 60000, "", TRUST_NONE },
		{ "mx.example.dk; auth=pass smtp.auth=chef", "; a=b", 10000, "", TRUST_NONE },
		{ "mx.example.dk; auth=pass smtp.auth=chef", " a.b=c", 10000, "", TRUST_NONE },
		{ "mx.example.dk; auth=pass smtp.auth=chef reason=\"", "\\\"", 30000, "\"", TRUST_ALIGNED },
		{ "mx.example.dk; auth=pass smtp.auth=chef reason=\"", "\\\"", 30000, "", TRUST_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = ARENA_NULL;
		const char *evidence;

		assert_int_equal(judge_long(cases[i].before, cases[i].repeated, cases[i].count, cases[i].after, &evidence,
			&arena), cases[i].grade);
		assert_in_range(strlen(evidence), 1, TRUST_EVIDENCE_MAX);
		assert_true((unsigned char)evidence[strlen(evidence) - 1] != 0xC3);
		arena_done(&arena);
	}
}

static void test_evidence_is_one_line(void **state)
{
	struct arena arena = ARENA_NULL;
	const char *evidence;

	(void)state;
	assert_int_equal(judge_long("mx.example.dk; auth=pass smtp.auth=chef (", "\r\n\x1B[2J", 3, ")", &evidence, &arena),
		TRUST_ALIGNED);
	assert_null(strpbrk(evidence, "\r\n\x1B"));
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_evidence_is_one_line),
	};

	return RUN_ROWS(authserv_rows, test_authserv) + RUN_ROWS(borderless_rows, test_borderless) +
		RUN_ROWS(exchange_rows, test_exchange) + RUN_ROWS(online_rows, test_online) +
		RUN_ROWS(nothing_rows, test_nothing) + RUN_ROWS(sent_rows, test_sent) + cmocka_run_group_tests(tests, NULL, NULL);
}
