#include "io/smtp_reply.h"

#include "base/text.h"
#include "core/privacy.h"

#include <stdio.h>
#include <string.h>

/* "5.1.1" or "4.7.350" at the start of a text, of the same class as the code (RFC 2034, 4). */
static size_t status_length(const char *text, int code)
{
	size_t at = 2;

	if (text[0] != '0' + code / 100 || text[1] != '.')
		return 0;
	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		while (text_is_digit(text[at + digits]))
			digits++;
		if (digits < 1 || digits > 3 || (part == 0 && text[at + digits] != '.'))
			return 0;
		at += digits + (part == 0);
	}
	return text[at] == ' ' || text[at] == '\0' ? at : 0;
}

/* The lines of a reply joined, without code and status: what the log and the owner read. */
static void keep_text(struct smtp_reply *reply, const char *text)
{
	size_t used = strlen(reply->text), length = status_length(text, reply->code);

	if (length && !reply->status[0])
		snprintf(reply->status, sizeof(reply->status), "%.*s", (int)length, text);
	text += length;
	text += *text == ' ';
	if (!*text || used + 2 >= sizeof(reply->text))
		return;
	snprintf(reply->text + used, sizeof(reply->text) - used, "%s%s", used ? " " : "", text);
	privacy_mask_cpr(reply->text);	/* servers repeat the address they refuse */
}

/* The code of a line, or 0: three digits, then a blank, a hyphen or nothing. */
static int line_code(const char *line)
{
	if (line[0] < '2' || line[0] > '5' || !text_is_digit(line[1]) || !text_is_digit(line[2]))
		return 0;
	if (line[3] != ' ' && line[3] != '-' && line[3] != '\0')
		return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

/* RFC 5321, 4.2.1. Control characters are refused, but for a tab that is no part of an EHLO answer. */
static int take_line(struct smtp_reply *reply, struct err *err)
{
	int code;

	if (reply->line_length && reply->line[reply->line_length - 1] == '\r')
		reply->line_length--;
	reply->line[reply->line_length] = '\0';
	for (size_t i = 0; i < reply->line_length; i++) {
		unsigned char byte = (unsigned char)reply->line[i];

		if ((byte < 0x20 && (byte != '\t' || reply->hello)) || byte == 0x7f)
			return err_set(err, "the server's answer has the control character 0x%02x", byte);
		if (byte == '\t' || byte > 0x7f)
			reply->line[i] = byte == '\t' ? ' ' : '?';
	}
	code = line_code(reply->line);
	if (!code || (reply->code && code != reply->code))
		return err_set(err, "the server's answer is no SMTP reply: %.60s", reply->line);
	if (++reply->lines > SMTP_REPLY_LINES_MAX)
		return err_set(err, "the server's answer has more than %d lines", SMTP_REPLY_LINES_MAX);
	reply->code = code;
	reply->complete = reply->line[3] != '-';
	keep_text(reply, reply->line[3] ? reply->line + 4 : "");
	reply->line_length = 0;
	return 0;
}

/* Bytes behind a complete reply are left: smtp.c finds them before the next command, and refuses them. */
int smtp_reply_feed(struct smtp_reply *reply, const char *bytes, size_t length, struct err *err)
{
	for (size_t i = 0; i < length && !reply->complete; i++) {
		if (bytes[i] == '\n') {
			if (take_line(reply, err) < 0)
				return -1;
		} else if (reply->line_length + 1 < sizeof(reply->line)) {
			reply->line[reply->line_length++] = bytes[i];
		} else {
			return err_set(err, "the server's answer has a line of more than %d bytes", SMTP_REPLY_LINE_MAX);
		}
	}
	return 0;
}
