/*
 * htmltext - the words of an HTML mail, roughly.
 *
 * No browser: tags go, blocks become lines, the target of a link follows its text in angle brackets, as Outlook does
 * in plain text. It stops at what mail programs mark as quoted, so that what is quoted never counts as said.
 */
#ifndef CORE_HTMLTEXT_H
#define CORE_HTMLTEXT_H

#include "base/arena.h"

/* Text with lines ended by LF. HTML: valid UTF-8. Time and memory grow with its length only. */
char *htmltext_from(struct arena *arena, const char *html);

/* The same, with what is quoted. */
char *htmltext_whole(struct arena *arena, const char *html);

#endif
