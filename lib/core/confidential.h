/*
 * confidential - mail that must not be registered (D1). Pure.
 *
 * A word of the workflow's file in tag position says so, whoever wrote it and whether it is fresh or not: a reply to
 * such a mail carries it along, and is as confidential. Outlook's own mark of sensitivity says nothing. Only that one
 * mail is not registered: what is on record stays there, and no inquiry can be hidden by the word.
 */
#ifndef CORE_CONFIDENTIAL_H
#define CORE_CONFIDENTIAL_H

#include "base/arena.h"
#include "core/directory.h"
#include "core/message.h"
#include "core/workflow.h"

#include <stdbool.h>

#define CONFIDENTIAL_TEMPLATE "fortroligt"	/* to its sender: others read this mailbox, and whom he may write to */

/*
 * Does the message say in tag position that it is confidential? Read so that a slip keeps the secret: behind a forward
 * that was answered, with characters that nobody sees, and where the bracket is not closed.
 */
bool confidential_says(struct arena *arena, const struct workflow *workflow, const struct message *message);

/*
 * Does its subject hold such a word in brackets anywhere? Of what answers a confidential mail that is enough, and of
 * what a program answers: it puts its own words in front, and the mail that it answers may be read after it.
 */
bool confidential_mentions(struct arena *arena, const struct workflow *workflow, const struct message *message);

/* "Direktør (direktoer@example.dk) eller Stabschef (stabschef@example.dk)": to whom he may write; NULL: to nobody. */
const char *confidential_refer(struct arena *arena, const struct workflow *workflow, const struct directory *directory);

#endif
