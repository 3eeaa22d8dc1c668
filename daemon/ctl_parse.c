/* fristctl parse - what the program reads in a mail, without configuration. */
#include "ctl.h"

#include "base/err.h"
#include "base/text.h"
#include "ctl_rows.h"
#include "io/json.h"
#include "io/mailfile.h"
#include "io/mime.h"

#include <stdio.h>

static struct json *address_json(const struct message_address *address)
{
	struct json *object;

	if (!address)
		return NULL;
	object = json_new_object();
	json_put_string(object, "name", address->name);
	json_put_string(object, "address", address->address);
	return object;
}

static struct json *addresses_json(const struct message_addresses *addresses)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < addresses->count; i++)
		json_add(array, address_json(&addresses->items[i]));
	return array;
}

static struct json *bounces_json(const struct message *message)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < message->bounces.count; i++) {
		const struct message_bounce *bounce = &message->bounces.items[i];
		struct json *object = json_new_object();

		json_put_string(object, "address", bounce->address);
		json_put_string(object, "action", bounce->action);
		json_put_string(object, "status", bounce->status);
		json_add(array, object);
	}
	return array;
}

static bool is_unreadable(const struct message *message)
{
	return message_strings_have(&message->defects, "unreadable");
}

/* Keys stay as they are once they are released: others read them. */
static void print_message(const char *path, const struct message *message)
{
	struct json *object CLEANUP(json_freep) = json_new_object();

	json_put_string(object, "file", path);
	json_put_string(object, "message_id", message->message_id);
	json_put_strings(object, "in_reply_to", &message->in_reply_to);
	json_put_strings(object, "references", &message->references);
	json_put(object, "from", address_json(message->from));
	json_put(object, "sender", address_json(message->sender));
	json_put(object, "to", addresses_json(&message->to));
	json_put(object, "cc", addresses_json(&message->cc));
	json_put_string(object, "subject", message->subject);
	ctl_put_time(object, "date", message->date);
	json_put_string(object, "kind", is_unreadable(message) ? NULL : message_kind_name(message->kind));
	json_put_bool(object, "forward", message->forward);
	json_put_bool(object, "reply", message->reply);
	json_put_strings(object, "tags", &message->tags);
	json_put_strings(object, "keys", &message->keys);
	json_put(object, "bounce", bounces_json(message));
	json_put_strings(object, "defects", &message->defects);
	json_print(object, stdout);
}

/* Prints one object, whatever the file holds. Returns whether it was a mail. */
static bool parse_file(const char *path)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct message message;
	struct err err = ERR_NULL;

	if (mailfile_read_path(path, &bytes, &err) < 0) {
		ctl_fail("%s", err.text);
		bytes.length = 0;
	}
	mime_parse(&arena, &subject_grammar_default, text_string(&bytes), bytes.length, &message);
	print_message(path, &message);
	return !is_unreadable(&message);
}

static int run(const struct ctl *ctl, int argc, char **argv)
{
	bool json = false, all = true;
	const struct ctl_option options[] = { { .name = "--json", .flag = &json } };
	int status = ctl_take_options(&ctl_parse, &argc, argv, options, sizeof(options) / sizeof(options[0]));

	(void)ctl;
	if (status)
		return status;
	if (!json)
		return ctl_usage(&ctl_parse, "--json is needed: it is the only format");
	if (!argc)
		return ctl_usage(&ctl_parse, "no file given");
	mime_init();
	for (int i = 0; i < argc; i++)
		all = parse_file(argv[i]) && all;
	return all ? CTL_OK : CTL_FAILED;
}

const struct ctl_command ctl_parse = {
	.name = "parse",
	.arguments = "--json FILE...",
	.summary = "show what is read in a mail",
	.help =
		"Prints one JSON object a line for each FILE, in order, even if it cannot be read\n"
		"(its defects are then [\"unreadable\"], and the exit status is 1 in the end).\n"
		"A leading mbox \"From \" line is passed over. Needs no configuration.\n"
		"\n"
		"All keys are always there; what is not known is null, a list without items [].\n"
		"  file message_id in_reply_to[] references[]\n"
		"  from sender {name, address}; to[] cc[] of the same shape\n"
		"  subject date\n"
		"  kind: absence bounce receipt list automatic human\n"
		"  forward reply tags[] keys[]\n"
		"  bounce[{address, action, status}]\n"
		"  defects[]\n",
	.run = run,
};
