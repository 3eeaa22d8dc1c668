/*
 * quote - what somebody wrote this time: the text above quotes and signatures, and the links in it; and from whom to
 * whom the mail went that is quoted below.
 *
 * Knows how Outlook, Gmail, Thunderbird, Apple's and Samsung's programs set off what they quote, in Danish and
 * English. It errs towards cutting too early: a word that is quoted must never count as said.
 */
#ifndef CORE_QUOTE_H
#define CORE_QUOTE_H

#include "base/arena.h"
#include "core/message.h"

#include <stdbool.h>

/* The text above the first quote, forwarded head or signature. Text: valid UTF-8, lines ended by LF. */
char *quote_top(struct arena *arena, const char *text);

/* The first line that is not blank, trimmed, tabs as spaces; NULL when there is none. */
char *quote_first_line(struct arena *arena, const char *text);

/* Does more follow the first line than what ends a mail, a greeting or a name? It may take back what the line says. */
bool quote_goes_on(const char *text);

struct quote_head {
	const char *from;		/* address, lower case, not yet validated; NULL also when it carries a CPR number */
	const char *to;			/* all of To, CPR masked; NULL */
	int date;			/* the day that it says (calendar.h); 0: none that can be read */
};

/*
 * The first quoted head in text that says from whom the mail was, and when or to whom; all empty where there is none.
 * Anybody can write such lines: they prove nothing.
 */
void quote_head(struct arena *arena, const char *text, struct quote_head *ret_head);

/* The day in such a line, "20. marts 2026 10:00" (calendar.h); 0: none that can be read. The year has four digits. */
int quote_read_date(const char *text);

/* The links in text: anything with "://", and sbsys:…; each once, in order, at most MESSAGE_LINKS_MAX. */
void quote_links(struct arena *arena, const char *text, struct message_strings *ret_links);

#endif
