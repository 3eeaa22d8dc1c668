/*
 * A drawing is gathered once (draw(): lanes by holder, arrows by cite and goal) and written in either language. A rule
 * may begin at many steps; only one arrow is drawn for it, from the step whose holder says it, or else the nearest
 * before its goal.
 */
#include "core/flow.h"

#include "base/text.h"

#include <string.h>

enum {
	LINES_MAX = 16,		/* of one arrow's label */
	NOTE_LINES_MAX = 2 * WORKFLOW_RUNGS_MAX + 6,
};

#define PASSED_OVER "En senere mail kan springe trin over: de står i registeret som »ikke set«."

/* Where an arrow begins. */
struct start {
	int from;		/* step; -1: where matters come from */
	bool held;		/* the sender holds that step */
	bool optional;		/* not every matter meets it */
};

/* The rules of one cite that lead to one step. */
struct arrow {
	const char *cite;	/* "A5", also of the rule A5-tag */
	int to;
	struct start start;
	const char *lines[LINES_MAX];
	size_t lines_count;
};

struct drawing {
	struct arena *arena;
	const struct workflow *workflow;
	struct arrow *arrows;
	size_t arrows_count;
	const char *lanes[WORKFLOW_STEPS_MAX];	/* holders in the order of the steps; NULL: nobody's */
	size_t lanes_count;
	struct text text;
};

static void drawing_done(struct drawing *drawing)
{
	text_done(&drawing->text);
}

static const char *step_title(const struct drawing *drawing, int step)
{
	const struct workflow_step *found = &drawing->workflow->steps[step];

	return found->title ? found->title : found->id;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* ---- arrows ---- */

/* Backwards is farther than any way forward. */
static int distance(int from, int to)
{
	return from < to ? to - from : WORKFLOW_STEPS_MAX + from - to;
}

static bool is_nearer(const struct start *start, const struct start *other, int to)
{
	if (start->optional != other->optional)
		return other->optional;
	if (start->held != other->held)
		return start->held;
	return distance(start->from, to) < distance(other->from, to);
}

/* false: it begins nowhere but at its goal. */
static bool find_start(const struct workflow *workflow, const struct workflow_rule *rule, int to,
	struct start *ret_start)
{
	bool found = false;

	for (size_t i = 0; i < workflow->steps_count; i++) {
		const char *holder = workflow->steps[i].holder;
		struct start start = { (int)i, holder && message_strings_have(&rule->when.sender, holder),
			workflow->steps[i].optional };

		if ((int)i == to || !workflow_rule_is_for(workflow, rule, (int)i) || (found && !is_nearer(&start, ret_start, to)))
			continue;
		*ret_start = start;
		found = true;
	}
	return found;
}

/* "A5 [GODKENDT]", and who says it, unless he holds the step. */
static const char *label_of(struct arena *arena, const char *cite, const struct workflow_rule *rule, bool held)
{
	struct text label CLEANUP(text_done) = TEXT_NULL;

	text_add(&label, cite);
	if (rule->when.tag)
		text_addf(&label, " [%s]", rule->when.tag);
	for (size_t i = 0; !held && i < rule->when.sender.count; i++)
		text_addf(&label, "%s%s", i ? ", " : " · ", rule->when.sender.items[i]);
	return arena_strdup(arena, text_string(&label));
}

static void add_line(struct arrow *arrow, const char *line)
{
	for (size_t i = 0; i < arrow->lines_count; i++)
		if (strcmp(arrow->lines[i], line) == 0)
			return;
	if (arrow->lines_count < LINES_MAX)
		arrow->lines[arrow->lines_count++] = line;
}

static struct arrow *find_arrow(struct drawing *drawing, const char *cite, int to)
{
	struct arrow *arrow = drawing->arrows;

	for (; arrow < drawing->arrows + drawing->arrows_count; arrow++)
		if (arrow->to == to && strcmp(arrow->cite, cite) == 0)
			return arrow;
	drawing->arrows_count++;
	*arrow = (struct arrow){ .cite = cite, .to = to };
	return arrow;
}

/* Rules of one cite (A5, A5-tag) to one step share an arrow, from the best of their starts. */
static void add_rule(struct drawing *drawing, const struct workflow_rule *rule)
{
	int to = rule->to ? workflow_step_index(drawing->workflow, rule->to) : -1;
	struct start start = { .from = -1 };
	struct arrow *arrow;

	if (to < 0 || (rule->when.known == WORKFLOW_YES && !find_start(drawing->workflow, rule, to, &start)))
		return;
	arrow = find_arrow(drawing, arena_strndup(drawing->arena, rule->cite, strcspn(rule->cite, "-")), to);
	if (arrow->lines_count == 0 || is_nearer(&start, &arrow->start, to)) {
		arrow->start = start;
		arrow->lines_count = 0;
	}
	if (arrow->start.from == start.from)
		add_line(arrow, label_of(drawing->arena, arrow->cite, rule, start.held));
}

static void add_lane(struct drawing *drawing, const char *holder)
{
	for (size_t i = 0; i < drawing->lanes_count; i++)
		if (same(drawing->lanes[i], holder))
			return;
	drawing->lanes[drawing->lanes_count++] = holder;
}

/* What is drawn, in whichever language: lanes and arrows. */
static struct drawing draw(struct arena *arena, const struct workflow *workflow)
{
	struct drawing drawing = { .arena = arena, .workflow = workflow, .text = TEXT_NULL,
		.arrows = arena_array(arena, workflow->rules_count, sizeof(struct arrow)) };

	for (size_t i = 0; i < workflow->steps_count; i++)
		add_lane(&drawing, workflow->steps[i].holder);
	for (size_t i = 0; i < workflow->rules_count; i++)
		add_rule(&drawing, &workflow->rules[i]);
	return drawing;
}

/* ---- notes ---- */

/* "5 arbejdsdage" */
static const char *length_words(struct arena *arena, struct calendar_length length)
{
	int count = length.count < 0 ? -length.count : length.count;

	return arena_printf(arena, "%d %s%s", count, length.unit == CALENDAR_WORKING_DAYS ? "arbejdsdag" : "dag",
		count == 1 ? "" : "e");
}

/* "2 arbejdsdage før: ansvarlig" */
static const char *rung_words(struct arena *arena, const struct workflow_rung *rung)
{
	struct text words CLEANUP(text_done) = TEXT_NULL;

	if (rung->at.count == 0)
		text_add(&words, "på dagen");
	else
		text_addf(&words, "%s %s", length_words(arena, rung->at), rung->at.count < 0 ? "før" : "efter");
	for (size_t i = 0; i < rung->to.count; i++)
		text_addf(&words, "%s%s", i ? ", " : ": ", rung->to.items[i]);
	for (size_t i = 0; i < rung->cc.count; i++)
		text_addf(&words, "%s%s", i ? ", " : ", cc ", rung->cc.items[i]);
	return arena_strdup(arena, text_string(&words));
}

/* "standser ved: svar modtaget, hos SPL" */
static const char *steps_words(const struct drawing *drawing, const char *before, const struct message_strings *steps)
{
	struct text words CLEANUP(text_done) = TEXT_NULL;

	for (size_t i = 0; i < steps->count; i++)
		text_addf(&words, "%s%s", i ? ", " : before,
			step_title(drawing, workflow_step_index(drawing->workflow, steps->items[i])));
	return arena_strdup(drawing->arena, text_string(&words));
}

/* "begynder med [AKTINDSIGT]", what has no word by its cite; NULL: no rule does that to the deadline. */
static const char *rule_words(const struct drawing *drawing, const char *before, const char *name, bool starts)
{
	struct text words CLEANUP(text_done) = TEXT_NULL;

	for (size_t i = 0; i < drawing->workflow->rules_count; i++) {
		const struct workflow_rule *rule = &drawing->workflow->rules[i];
		const char *deadline = starts ? rule->starts : rule->stops;
		const char *word = rule->when.tag ? arena_printf(drawing->arena, "[%s]", rule->when.tag) : rule->cite;

		if (same(deadline, name) && !strstr(text_string(&words), word))
			text_addf(&words, "%s%s", words.length ? ", " : before, word);
	}
	return words.length ? arena_strdup(drawing->arena, text_string(&words)) : NULL;
}

static void add_if_any(const char *lines[NOTE_LINES_MAX], size_t *count, const char *line)
{
	if (line)
		lines[(*count)++] = line;
}

/* The note beside a deadline's first step: how long, whom it reminds when, what stops it. */
static size_t write_note(const struct drawing *drawing, const struct workflow_deadline *deadline,
	const char *ret_lines[NOTE_LINES_MAX])
{
	struct arena *arena = drawing->arena;
	size_t count = 0;

	ret_lines[count++] = arena_printf(arena, "Frist »%s«: %s", deadline->name, length_words(arena, deadline->length));
	add_if_any(ret_lines, &count, rule_words(drawing, "begynder med ", deadline->name, true));
	for (size_t i = 0; i < deadline->ladder_count; i++)
		ret_lines[count++] = rung_words(arena, &deadline->ladder[i]);
	if (deadline->unassigned_count > 0)
		ret_lines[count++] = "Har ingen fået den, regnet fra modtagelsen:";
	for (size_t i = 0; i < deadline->unassigned_count; i++)
		ret_lines[count++] = rung_words(arena, &deadline->unassigned[i]);
	if (deadline->stands.count > 0)
		ret_lines[count++] = steps_words(drawing, "står stille ved: ", &deadline->stands);
	if (deadline->stop.count > 0)
		ret_lines[count++] = steps_words(drawing, "standser ved: ", &deadline->stop);
	add_if_any(ret_lines, &count, rule_words(drawing, "standser med ", deadline->name, false));
	return count;
}

/* ---- labels ---- */

/* How a language writes what would end a label, and how it begins another line. */
struct language {
	const char *quote, *backslash, *ampersand, *less, *greater;
	const char *line;
};

static const struct language dot = { "\\\"", "\\\\", "&", "<", ">", "\\n" };
static const struct language dot_left = { "\\\"", "\\\\", "&", "<", ">", "\\l" };
static const struct language mermaid = { "&quot;", "\\", "&amp;", "&lt;", "&gt;", "<br/>" };

static void add_words(struct drawing *drawing, const struct language *language, const char *words)
{
	for (; *words; words++) {
		switch (*words) {
		case '"':
			text_add(&drawing->text, language->quote);
			break;
		case '\\':
			text_add(&drawing->text, language->backslash);
			break;
		case '&':
			text_add(&drawing->text, language->ampersand);
			break;
		case '<':
			text_add(&drawing->text, language->less);
			break;
		case '>':
			text_add(&drawing->text, language->greater);
			break;
		default:
			text_add_bytes(&drawing->text, words, 1);
		}
	}
}

static void add_lines(struct drawing *drawing, const struct language *language, const char *const *lines, size_t count,
	const char *end)
{
	for (size_t i = 0; i < count; i++) {
		add_words(drawing, language, lines[i]);
		text_add(&drawing->text, i + 1 < count ? language->line : "");
	}
	text_add(&drawing->text, end);
}

/* What stands in the box of a step. */
static void add_step(struct drawing *drawing, const struct language *language, size_t index, const char *end)
{
	const struct workflow_step *step = &drawing->workflow->steps[index];
	const char *lines[2] = { step_title(drawing, (int)index) };

	if (step->has_review)
		lines[1] = arena_printf(drawing->arena, "gennemsyn efter %s", length_words(drawing->arena, step->review));
	add_lines(drawing, language, lines, step->has_review ? 2 : 1, end);
}

/* A step by its place in the file; ny is the dot where matters come from. */
static void add_name(struct drawing *drawing, int from)
{
	if (from < 0)
		text_add(&drawing->text, "\tny");
	else
		text_addf(&drawing->text, "\ts%d", from);
}

/* ---- Graphviz ---- */

static void add_dot_lane(struct drawing *drawing, size_t lane)
{
	const char *holder = drawing->lanes[lane];

	if (holder) {
		text_addf(&drawing->text, "\tsubgraph cluster_%zu {\n\t\tlabel=\"", lane);
		add_words(drawing, &dot, holder);
		text_add(&drawing->text, "\";\n");
	}
	for (size_t i = 0; i < drawing->workflow->steps_count; i++) {
		if (!same(drawing->workflow->steps[i].holder, holder))
			continue;
		text_addf(&drawing->text, "\t\ts%zu [fillcolor=\"%s\", label=\"", i,
			drawing->workflow->steps[i].final ? "#dff0e2" : "#ffffff");
		add_step(drawing, &dot, i, "\"];\n");
	}
	if (holder)
		text_add(&drawing->text, "\t}\n");
}

/* What leads back does not shape the drawing: else it would turn the order of steps around. */
static void add_dot_arrow(struct drawing *drawing, const struct arrow *arrow)
{
	bool back = arrow->start.from > arrow->to;

	add_name(drawing, arrow->start.from);
	text_addf(&drawing->text, " -> s%d [%slabel=\"", arrow->to,
		back ? "constraint=false, style=dashed, color=\"#8a5a00\", fontcolor=\"#8a5a00\", " : "");
	add_lines(drawing, &dot, arrow->lines, arrow->lines_count, "\"];\n");
}

static void add_dot_deadline(struct drawing *drawing, size_t index)
{
	const struct workflow_deadline *deadline = &drawing->workflow->deadlines[index];
	const char *lines[NOTE_LINES_MAX];
	size_t count = write_note(drawing, deadline, lines);

	text_addf(&drawing->text, "\tf%zu [shape=note, style=filled, fillcolor=\"#fff8dc\", fontsize=11, label=\"", index);
	add_lines(drawing, &dot_left, lines, count, "\\l\"];\n");
	for (size_t i = 0; i < deadline->start.count; i++)
		text_addf(&drawing->text, "\tf%zu -> s%d [style=dotted, arrowhead=none];\n", index,
			workflow_step_index(drawing->workflow, deadline->start.items[i]));
}

/* Is there a way past a step that every matter should meet? */
static bool passes_over(const struct workflow *workflow, const struct workflow_rule *rule)
{
	int to = rule->to ? workflow_step_index(workflow, rule->to) : -1;

	for (int from = 0; rule->when.known == WORKFLOW_YES && from < to; from++) {
		if (!workflow_rule_is_for(workflow, rule, from))
			continue;
		for (int step = from + 1; step < to; step++)
			if (!workflow->steps[step].optional)
				return true;
	}
	return false;
}

static const char *note_of(const struct workflow *workflow)
{
	for (size_t i = 0; i < workflow->rules_count; i++)
		if (passes_over(workflow, &workflow->rules[i]))
			return PASSED_OVER;
	return NULL;
}

/* The second `graph` line is for what follows, the clusters: Graphviz takes attributes in the order of the file. */
const char *flow_write_dot(struct arena *arena, const struct workflow *workflow)
{
	struct drawing drawing CLEANUP(drawing_done) = draw(arena, workflow);
	const char *const title[] = { workflow->name, note_of(workflow) };

	text_add(&drawing.text,
		"digraph {\n"
		"\tgraph [fontname=\"Helvetica\", fontsize=11, labelloc=b, ranksep=0.45, nodesep=0.4];\n"
		"\tnode [fontname=\"Helvetica\", fontsize=12, shape=box, style=\"rounded,filled\"];\n"
		"\tedge [fontname=\"Helvetica\", fontsize=10];\n"
		"\tlabel=\"");
	add_lines(&drawing, &dot, title, title[1] ? 2 : 1, "\";\n"
		"\tny [shape=circle, width=0.25, label=\"\", fillcolor=\"#444444\"];\n"
		"\tgraph [style=\"rounded,filled\", color=\"#e8edf3\", labelloc=t, labeljust=l];\n");
	for (size_t i = 0; i < drawing.lanes_count; i++)
		add_dot_lane(&drawing, i);
	for (size_t i = 0; i < drawing.arrows_count; i++)
		add_dot_arrow(&drawing, &drawing.arrows[i]);
	for (size_t i = 0; i < workflow->deadlines_count; i++)
		add_dot_deadline(&drawing, i);
	text_add(&drawing.text, "}\n");
	return arena_strdup(arena, text_string(&drawing.text));
}

/* ---- Mermaid ---- */

static void add_mermaid_lane(struct drawing *drawing, size_t lane)
{
	const char *holder = drawing->lanes[lane];

	if (holder) {
		text_addf(&drawing->text, "\tsubgraph l%zu [\"", lane);
		add_lines(drawing, &mermaid, &holder, 1, "\"]\n");
	}
	for (size_t i = 0; i < drawing->workflow->steps_count; i++) {
		if (!same(drawing->workflow->steps[i].holder, holder))
			continue;
		text_addf(&drawing->text, "\t\ts%zu(\"", i);
		add_step(drawing, &mermaid, i, "\")\n");
	}
	if (holder)
		text_add(&drawing->text, "\tend\n");
}

static void add_mermaid_arrow(struct drawing *drawing, const struct arrow *arrow)
{
	add_name(drawing, arrow->start.from);
	text_add(&drawing->text, arrow->start.from > arrow->to ? " -.->|\"" : " -->|\"");
	add_lines(drawing, &mermaid, arrow->lines, arrow->lines_count, "\"| ");
	text_addf(&drawing->text, "s%d\n", arrow->to);
}

static void add_mermaid_deadline(struct drawing *drawing, size_t index)
{
	const struct workflow_deadline *deadline = &drawing->workflow->deadlines[index];
	const char *lines[NOTE_LINES_MAX];
	size_t count = write_note(drawing, deadline, lines);

	text_addf(&drawing->text, "\tf%zu[/\"", index);
	add_lines(drawing, &mermaid, lines, count, "\"/]\n");
	for (size_t i = 0; i < deadline->start.count; i++)
		text_addf(&drawing->text, "\tf%zu -.- s%d\n", index,
			workflow_step_index(drawing->workflow, deadline->start.items[i]));
}

const char *flow_write_mermaid(struct arena *arena, const struct workflow *workflow)
{
	struct drawing drawing CLEANUP(drawing_done) = draw(arena, workflow);
	const char *note = note_of(workflow);

	text_addf(&drawing.text, "%%%% %s\nflowchart TD\n\tny((\" \"))\n", note ? note : workflow->name);
	for (size_t i = 0; i < drawing.lanes_count; i++)
		add_mermaid_lane(&drawing, i);
	for (size_t i = 0; i < drawing.arrows_count; i++)
		add_mermaid_arrow(&drawing, &drawing.arrows[i]);
	for (size_t i = 0; i < workflow->deadlines_count; i++)
		add_mermaid_deadline(&drawing, i);
	return arena_strdup(arena, text_string(&drawing.text));
}
