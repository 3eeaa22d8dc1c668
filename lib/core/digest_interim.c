/*
 * The words to a citizen whose answer comes later ([MELLEMSVAR …]): somebody of ours sends them, from his own program,
 * and may change them first. The mailbox gets no copy, and the subject has no key: what tells of a delay is no answer.
 */
#include "core/digest_row.h"

#include "core/privacy.h"

#include <string.h>

/* What leaves the house never carries a CPR number, whatever a template was made to say. */
static char *masked(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *at = copy; (at = strstr(at, DIGEST_NO_BREAK));) {
		*at = ' ';
		memmove(at + 1, at + strlen(DIGEST_NO_BREAK), strlen(at + strlen(DIGEST_NO_BREAK)) + 1);
	}
	privacy_mask_cpr(copy);
	return copy;
}

/*
 * Where a mail may be sent to him: not to an address that is a CPR number, masked or not. A comma in it, which must be
 * quoted there, would make a link to several.
 */
static const char *address_of(const struct register_row *row)
{
	const char *asker = row->inquiry->asker;

	return asker && !strpbrk(asker, ",\"") && !privacy_has_cpr(asker) && !privacy_has_mask(asker) ? asker : NULL;
}

static void add_lines(struct arena *arena, const char *text, struct template_data *item)
{
	while (*(text += strspn(text, "\n"))) {
		size_t length = strcspn(text, "\n");

		template_set(template_append(item, "brev_linjer"), "brev_linje", arena_strndup(arena, text, length));
		text += length;
	}
}

int digest_fill_interim(struct arena *arena, const struct digest_house *house, const struct register_row *row,
	const struct template_data *data, struct template_data *item, struct err *err)
{
	const struct template_file *file = digest_template(house, DIGEST_CITIZEN);
	const char *subject, *text, *address = address_of(row);
	struct template_data *citizen;

	if (!file)
		return err_set(err, "there is no template %s", DIGEST_CITIZEN);
	if (template_render_line(arena, file->subject, data, &subject, err) < 0 ||
	    template_render(arena, file->text, data, &text, err) < 0)
		return -1;
	subject = masked(arena, subject);
	text = masked(arena, text);
	citizen = template_append(item, "borgerbrev");
	template_set(citizen, "brev_til", address);
	template_set(citizen, "brev_emne", subject);
	template_set(citizen, "brev_link", address ? digest_mailto_text(arena, address, subject, text) : NULL);
	add_lines(arena, text, citizen);
	return 0;
}
