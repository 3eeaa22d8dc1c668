/*
 * A template is parsed into a list of ops: text, value, section, end. Each section knows its end, so rendering is one
 * loop with a stack of frames and no recursion: a section of a list goes back to its start for every item. Names are
 * looked up from the inmost item outwards. What a template may name is proved when it is loaded (template_check), so
 * rendering cannot fail on a name.
 */
#include "core/template.h"

#include "base/text.h"

#include <string.h>

enum op_kind { OP_TEXT, OP_VALUE, OP_SECTION, OP_UNLESS, OP_END };

struct op {
	enum op_kind kind;
	const char *text;		/* the text, or the name, NUL-terminated */
	size_t length;
	size_t partner;			/* of a section its end, and of an end its section */
	int line;
};

struct template {
	enum template_format format;
	const char *file;
	const struct op *ops;
	size_t count;
};

struct parser {
	struct arena *arena;
	const char *file, *source;
	struct workflow_faults *faults;
	struct op *ops;
	size_t count, capacity;
	size_t open[TEMPLATE_DEPTH_MAX];
	size_t depth;
	int line;
	bool failed;
};

static void fault(struct parser *parser, int line, const char *what, const char *name)
{
	parser->failed = true;
	workflow_fault_add(parser->faults, arena_printf(parser->arena, "%s:%d", parser->file, line), "%s%s%s", what,
		*name ? ": " : "", name);
}

static struct op *add_op(struct parser *parser, enum op_kind kind, const char *text, size_t length)
{
	parser->ops = arena_grow(parser->arena, parser->ops, parser->count, &parser->capacity, sizeof(*parser->ops));
	parser->ops[parser->count] = (struct op){
		.kind = kind, .text = arena_strndup(parser->arena, text, length), .length = length, .line = parser->line,
	};
	return &parser->ops[parser->count++];
}

/* Depth is bounded when it is parsed, so that the stack of the renderer is. */
static void open_section(struct parser *parser, enum op_kind kind, const char *name, size_t length)
{
	struct op *op = add_op(parser, kind, name, length);

	if (parser->depth == TEMPLATE_DEPTH_MAX) {
		fault(parser, parser->line, "too many sections in each other", op->text);
		return;
	}
	parser->open[parser->depth++] = parser->count - 1;
}

/* Both ends learn where the other is: a section that is skipped or repeated jumps. */
static void close_section(struct parser *parser, const char *name, size_t length)
{
	struct op *end = add_op(parser, OP_END, name, length);
	struct op *start;

	if (parser->depth == 0) {
		fault(parser, parser->line, "closes a section that is not open", end->text);
		return;
	}
	start = &parser->ops[parser->open[--parser->depth]];
	if (strcmp(start->text, end->text) != 0)
		fault(parser, parser->line, arena_printf(parser->arena, "the section open here is %s (line %d), not",
			start->text, start->line), end->text);
	start->partner = parser->count - 1;
	end->partner = parser->open[parser->depth];
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static bool is_name(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!(name[i] >= 'a' && name[i] <= 'z') && !(name[i] >= '0' && name[i] <= '9') && name[i] != '_')
			return false;
	return length > 0;
}

/* Reads what stands between the braces. */
static void read_mark(struct parser *parser, const char *from, const char *to)
{
	static const struct { char sign; enum op_kind kind; } signs[] = {
		{ '#', OP_SECTION }, { '^', OP_UNLESS }, { '/', OP_END },
	};
	enum op_kind kind = OP_VALUE;

	if (from < to && *from == '!')
		return;		/* a remark */
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (from < to && *from == signs[i].sign)
			kind = signs[i].kind;
	from += kind == OP_VALUE ? 0 : 1;
	while (from < to && is_blank(*from))
		from++;
	while (from < to && is_blank(to[-1]))
		to--;
	if (!is_name(from, (size_t)(to - from)))
		fault(parser, parser->line, "no name (small letters a-z, digits and _) between the braces",
			arena_strndup(parser->arena, from, (size_t)(to - from)));
	else if (kind == OP_VALUE)
		add_op(parser, kind, from, (size_t)(to - from));
	else if (kind == OP_END)
		close_section(parser, from, (size_t)(to - from));
	else
		open_section(parser, kind, from, (size_t)(to - from));
}

/* Does the mark stand alone on its line? Then ret_before is where the line begins and ret_after where the next does. */
static bool stands_alone(const char *at, const char *mark, const char *behind, const char **ret_before,
	const char **ret_after, bool first)
{
	const char *before = mark, *after = behind;

	while (before > at && is_blank(before[-1]))
		before--;
	while (is_blank(*after))
		after++;
	if ((before > at ? before[-1] != '\n' : !first) || (*after && *after != '\n'))
		return false;
	*ret_before = before;
	*ret_after = *after ? after + 1 : after;
	return true;
}

static void add_text(struct parser *parser, const char *from, const char *to)
{
	if (to > from)
		add_op(parser, OP_TEXT, from, (size_t)(to - from));
	for (; from < to; from++)
		parser->line += *from == '\n';
}

/* A section's mark that stands alone on its line takes the line with it, as in Mustache: no empty line is left. */
static void parse_marks(struct parser *parser)
{
	const char *at = parser->source, *mark;

	while ((mark = strstr(at, "{{"))) {
		const char *end = mark + strcspn(mark, "}\n"), *before = mark, *after = end + 2;

		if (strncmp(end, "}}", 2) != 0) {
			add_text(parser, at, mark);
			fault(parser, parser->line, "{{ without }} on the same line", "");
			at = mark + 2;
			continue;
		}
		if (strchr("#^/!", mark[2]))
			stands_alone(at, mark, end + 2, &before, &after, at == parser->source || at[-1] == '\n');
		add_text(parser, at, before);
		read_mark(parser, mark + 2, end);
		parser->line += after > end + 2 && after[-1] == '\n';
		at = after;
	}
	add_text(parser, at, at + strlen(at));
}

/* Files saved by Windows end their lines with CR LF. */
static char *without_carriage_returns(struct arena *arena, const char *source)
{
	char *copy = arena_strdup(arena, source), *to = copy;

	for (const char *from = copy; *from; from++)
		if (from[0] != '\r' || from[1] != '\n')
			*to++ = *from;
	*to = '\0';
	return copy;
}

/* Sections that are still open are faults of the lines where they were opened. */
const struct template *template_parse(struct arena *arena, enum template_format format, const char *file,
	int first_line, const char *source, struct workflow_faults *faults)
{
	struct parser parser = { .arena = arena, .file = file, .faults = faults, .line = first_line };
	struct template *template;
	size_t length = strlen(source);

	if (length > TEMPLATE_SOURCE_MAX)
		fault(&parser, first_line, "larger than 64 KiB", "");
	else if (!text_is_utf8(source, length))
		fault(&parser, first_line, "not UTF-8; save the file as UTF-8", "");
	if (parser.failed)
		return NULL;
	parser.source = without_carriage_returns(arena, source);
	parse_marks(&parser);
	while (parser.depth > 0) {
		const struct op *start = &parser.ops[parser.open[--parser.depth]];

		fault(&parser, start->line, "the section is never closed", start->text);
	}
	if (parser.failed)
		return NULL;
	template = arena_alloc(arena, sizeof(*template));
	*template = (struct template){ .format = format, .file = file, .ops = parser.ops, .count = parser.count };
	return template;
}

/* A name is known inside the section of its list only; one without a list everywhere. */
static const struct template_variable *find_variable(const struct template_variables *variables, const char *name,
	const char *const *open, size_t depth)
{
	for (size_t i = 0; i < variables->count; i++) {
		const struct template_variable *variable = &variables->items[i];

		if (strcmp(variable->name, name) != 0)
			continue;
		if (!variable->within)
			return variable;
		for (size_t level = 0; level < depth; level++)
			/* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): sections have names, ends have sections */
			if (strcmp(variable->within, open[level]) == 0)
				return variable;
	}
	return NULL;
}

/* Every name must be one that the composer sets (digest_variables); a list cannot stand where a value does. */
void template_check(const struct template *template, const struct template_variables *variables,
	struct workflow_faults *faults)
{
	const char *open[TEMPLATE_DEPTH_MAX] = { NULL };
	size_t depth = 0;

	for (size_t i = 0; i < template->count; i++) {
		const struct op *op = &template->ops[i];
		const struct template_variable *variable;
		const char *source;

		if (op->kind == OP_END)
			depth--;
		if (op->kind == OP_END || op->kind == OP_TEXT)
			continue;
		variable = find_variable(variables, op->text, open, depth);
		source = arena_printf(faults->arena, "%s:%d", template->file, op->line);
		if (!variable)
			workflow_fault_add(faults, source, "no such name here: %s", op->text);
		else if (op->kind == OP_VALUE && variable->list)
			workflow_fault_add(faults, source, "is a list, write {{#%s}} … {{/%s}}: %s", op->text, op->text,
				op->text);
		if (op->kind != OP_VALUE)
			open[depth++] = op->kind == OP_SECTION ? op->text : "";
	}
}

/* The text file begins with the subject: so all words of a mail stand in one place. */
static void load_text(struct arena *arena, const char *file, const char *source,
	const struct template_variables *variables, struct workflow_faults *faults, struct template_file *loaded)
{
	static const char subject[] = "Emne: ";
	const char *clean = without_carriage_returns(arena, source);
	const char *end = clean + strcspn(clean, "\n");

	if (!text_starts_with(clean, subject) || strncmp(end, "\n\n", 2) != 0) {
		workflow_fault_add(faults, arena_printf(arena, "%s:1", file),
			"must begin with \"Emne: \" and the subject, then an empty line");
		return;
	}
	loaded->subject = template_parse(arena, TEMPLATE_TEXT, file, 1,
		arena_strndup(arena, clean + strlen(subject), (size_t)(end - clean) - strlen(subject)), faults);
	loaded->text = template_parse(arena, TEMPLATE_TEXT, file, 3, end + 2, faults);
	if (loaded->subject)
		template_check(loaded->subject, variables, faults);
	if (loaded->text)
		template_check(loaded->text, variables, faults);
}

bool template_load(struct arena *arena, const char *folder, const char *name, const char *text, const char *html,
	const struct template_variables *variables, struct workflow_faults *faults, struct template_file *ret_file)
{
	struct template_file loaded = { .name = arena_strdup(arena, name) };
	size_t before = faults->count;

	load_text(arena, arena_printf(arena, "%s/%s.txt", folder, name), text, variables, faults, &loaded);
	if (html)
		loaded.html = template_parse(arena, TEMPLATE_HTML, arena_printf(arena, "%s/%s.html", folder, name), 1, html,
			faults);
	if (loaded.html)
		template_check(loaded.html, variables, faults);
	if (faults->count > before)
		return false;
	*ret_file = loaded;
	return true;
}

/* One name with its value, or with the items of its list. */
struct entry {
	struct entry *next;
	const char *name, *value;
	struct template_data *first, *last;
};

struct template_data {
	struct arena *arena;
	struct entry *entries;
	struct template_data *next;	/* item of the same list */
};

struct template_data *template_data_new(struct arena *arena)
{
	struct template_data *data = arena_alloc(arena, sizeof(*data));

	data->arena = arena;
	return data;
}

static const struct entry *find_entry(const struct template_data *data, const char *name)
{
	const struct entry *entry = data ? data->entries : NULL;

	while (entry && strcmp(entry->name, name) != 0)
		entry = entry->next;
	return entry;
}

/* In front: the newest value of a name is the one that is found. */
static struct entry *add_entry(struct template_data *data, const char *name)
{
	struct entry *entry = arena_alloc(data->arena, sizeof(*entry));

	*entry = (struct entry){ .next = data->entries, .name = name };
	return data->entries = entry;
}

void template_set(struct template_data *data, const char *name, const char *value)
{
	if (value)
		add_entry(data, name)->value = value;
}

void template_set_count(struct template_data *data, const char *name, size_t value)
{
	template_set(data, name, arena_printf(data->arena, "%zu", value));
}

struct template_data *template_append(struct template_data *data, const char *list)
{
	struct template_data *item = template_data_new(data->arena);
	struct entry *entry = data->entries;

	while (entry && strcmp(entry->name, list) != 0)
		entry = entry->next;
	if (!entry)
		entry = add_entry(data, list);
	if (entry->last)
		entry->last->next = item;
	else
		entry->first = item;
	return entry->last = item;
}

/* A section that is being rendered. */
struct frame {
	const struct template_data *data;	/* NULL: the section of a plain value */
	size_t start;				/* its op */
};

struct renderer {
	const struct template *template;
	struct frame frames[TEMPLATE_DEPTH_MAX + 1];
	size_t depth, at;
	struct text out;
};

static const struct entry *look_up(const struct renderer *renderer, const char *name)
{
	const struct entry *entry = NULL;

	for (size_t level = renderer->depth; level > 0 && !entry; level--)
		entry = find_entry(renderer->frames[level - 1].data, name);
	return entry;
}

/* The one escaper of HTML: right in text and in quoted attributes. */
static void add_html(struct text *out, const char *value)
{
	static const struct { char byte; const char *entity; } entities[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#39;" },
	};

	while (*value) {
		size_t plain = strcspn(value, "&<>\"'");

		text_add_bytes(out, value, plain);
		value += plain;
		for (size_t i = 0; *value && i < sizeof(entities) / sizeof(entities[0]); i++)
			if (entities[i].byte == *value) {
				text_add(out, entities[i].entity);
				value++;
				break;
			}
	}
}

static void render_value(struct renderer *renderer, const char *name)
{
	const struct entry *entry = look_up(renderer, name);

	if (!entry || !entry->value)
		return;
	if (renderer->template->format == TEMPLATE_HTML)
		add_html(&renderer->out, entry->value);
	else
		text_add(&renderer->out, entry->value);
}

/* {{#name}} is entered when the name is set, {{^name}} when it is not; else its end is next. */
static void enter_section(struct renderer *renderer, const struct op *op)
{
	const struct entry *entry = look_up(renderer, op->text);
	bool set = entry && (entry->first || (entry->value && *entry->value));

	if (set != (op->kind == OP_SECTION)) {
		renderer->at = op->partner;
		return;
	}
	renderer->frames[renderer->depth++] = (struct frame){
		.data = set ? entry->first : NULL, .start = renderer->at,
	};
}

/* The next item of the list, or what follows the section. */
static void leave_section(struct renderer *renderer)
{
	struct frame *frame = &renderer->frames[renderer->depth - 1];

	if (frame->data && frame->data->next) {
		frame->data = frame->data->next;
		renderer->at = frame->start;
	} else {
		renderer->depth--;
	}
}

static void render_op(struct renderer *renderer, const struct op *op)
{
	switch (op->kind) {
	case OP_TEXT:
		text_add_bytes(&renderer->out, op->text, op->length);
		break;
	case OP_VALUE:
		render_value(renderer, op->text);
		break;
	case OP_SECTION:
	case OP_UNLESS:
		enter_section(renderer, op);
		break;
	case OP_END:
		leave_section(renderer);
		break;
	}
}

int template_render(struct arena *arena, const struct template *template, const struct template_data *data,
	const char **ret_text, struct err *err)
{
	struct renderer renderer = { .template = template, .frames = { { .data = data } }, .depth = 1 };
	int result = 0;

	for (; renderer.at < template->count && result == 0; renderer.at++) {
		render_op(&renderer, &template->ops[renderer.at]);
		if (renderer.out.length > TEMPLATE_OUTPUT_MAX)
			result = err_set(err, "%s: the text is larger than 1 MiB", template->file);
	}
	if (result == 0)
		*ret_text = arena_strdup(arena, text_string(&renderer.out));
	text_done(&renderer.out);
	return result;
}

/* A subject is one line that says all it says visibly, and is cut rather than refused. */
int template_render_line(struct arena *arena, const struct template *template, const struct template_data *data,
	const char **ret_line, struct err *err)
{
	const char *line = "";

	if (template_render(arena, template, data, &line, err) < 0)
		return -1;
	if (text_has_hidden(line))
		return err_set(err, "%s: a character that nobody sees would stand in the subject", template->file);
	if (strlen(line) > TEMPLATE_SUBJECT_MAX) {
		char *cut = arena_strdup(arena, line);

		text_cut(cut, TEMPLATE_SUBJECT_MAX - strlen("…"));
		line = arena_printf(arena, "%s…", cut);
	}
	*ret_line = line;
	return 0;
}

static size_t columns_of(struct arena *arena, const char *from, size_t length)
{
	return text_columns(arena_strndup(arena, from, length));
}

/* Adds one line, broken where needed, and its line end. */
static void wrap_line(struct arena *arena, struct text *out, const char *line, size_t length, size_t width)
{
	size_t indent = strspn(line, " "), hang = indent, column;
	const char *at = line + indent, *end = line + length;

	if (end - at >= 2 && strncmp(at, "- ", 2) == 0)
		hang += 2;
	text_add_bytes(out, line, indent);
	column = indent;
	while (at < end) {
		size_t word = strcspn(at, " \n"), columns;

		if (word > (size_t)(end - at))
			word = (size_t)(end - at);
		columns = columns_of(arena, at, word);
		if (column > hang && column + 1 + columns > width) {
			text_addf(out, "\n%*s", (int)hang, "");
			column = hang;
		} else if (column > indent) {
			text_add(out, " ");
			column++;
		}
		text_add_bytes(out, at, word);
		column += columns;
		at += word;
		at += strspn(at, " ");
	}
	text_add(out, "\n");
}

/* Lines that sections left empty are gone: never more than one empty line, none at either end. */
char *template_wrap(struct arena *arena, const char *text, size_t width)
{
	struct text out = TEXT_NULL;
	bool empty = true, gap = false;
	char *wrapped;

	while (*text) {
		size_t length = strcspn(text, "\n"), used = length;

		while (used > 0 && is_blank(text[used - 1]))
			used--;
		if (used > 0) {
			if (gap && !empty)
				text_add(&out, "\n");
			wrap_line(arena, &out, text, used, width);
			empty = gap = false;
		} else {
			gap = true;
		}
		text += length + (text[length] == '\n');
	}
	wrapped = arena_strdup(arena, text_string(&out));
	text_done(&out);
	return wrapped;
}
