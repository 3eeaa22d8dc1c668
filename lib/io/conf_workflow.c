/*
 * A workflow file as tables that io/conf_read reads by, the innermost first; what the file says is proved by
 * core/workflow. A new condition is a row of when_keys, a member of struct workflow_when, and a line where rules are
 * matched (core/decide_rules) and held against each other (core/workflow_pairs).
 */
#include "io/conf_workflow.h"

#include "io/conf_course.h"

#define FIELD(type, member) .field = offsetof(type, member)
#define NAMES .parse = conf_parse_name

static const struct conf_choice count_words[] = { { "mail", 0 }, { "letter", 1 }, { NULL, 0 } };
static const struct conf_choice round_words[] = { { "same", 0 }, { "next", 1 }, { NULL, 0 } };
static const struct conf_choice clock_words[] = { { "continue", 0 }, { "restart", 1 }, { NULL, 0 } };
static const struct conf_choice thread_words[] = { { "known", WORKFLOW_YES }, { "new", WORKFLOW_NO }, { NULL, 0 } };
static const struct conf_choice place_words[] = {
	{ "to", WORKFLOW_PLACE_TO }, { "cc", WORKFLOW_PLACE_CC }, { "bcc", WORKFLOW_PLACE_BCC }, { NULL, 0 },
};
static const struct conf_choice argument_words[] = {
	{ "none", WORKFLOW_ARGUMENT_NONE }, { "list", WORKFLOW_ARGUMENT_LIST }, { NULL, 0 },
};
static const struct conf_choice audience_words[] = {
	{ "same", WORKFLOW_AUDIENCE_SAME }, { "asker", WORKFLOW_AUDIENCE_ASKER }, { "named", WORKFLOW_AUDIENCE_NAMED },
	{ NULL, 0 },
};
static const struct conf_choice from_words[] = {
	{ "sender", WORKFLOW_FROM_SENDER }, { "to", WORKFLOW_FROM_TO }, { "cc", WORKFLOW_FROM_CC }, { NULL, 0 },
};
static const struct conf_choice view_words[] = {
	{ "own", WORKFLOW_VIEW_OWN }, { "all", WORKFLOW_VIEW_ALL }, { "places", WORKFLOW_VIEW_PLACES },
	{ "owner", WORKFLOW_VIEW_OWNER }, { "shares", WORKFLOW_VIEW_SHARES }, { NULL, 0 },
};

static const struct conf_key step_keys[] = {
	{ "id", CONF_TEXT, "the name of the step in rules, deadlines and the register", .required = true,
	  FIELD(struct workflow_step, id), NAMES },
	{ "title", CONF_TEXT, "what people read; else the id with spaces for hyphens",
	  FIELD(struct workflow_step, title) },
	{ "holder", CONF_TEXT, "the role whose turn it is; every step that is not final has one",
	  FIELD(struct workflow_step, holder), NAMES },
	{ "optional", CONF_FLAG, "not every matter meets it: passed over, it is not marked as not seen",
	  FIELD(struct workflow_step, optional) },
	{ "final", CONF_FLAG, "here the matter ends", FIELD(struct workflow_step, final) },
	{ "names_recipient", CONF_FLAG, "of a final step: the register says to whom the mail that ended it went",
	  FIELD(struct workflow_step, names_recipient) },
	{ "review", CONF_TEXT, "the holder is reminded whenever the step has lasted so long",
	  FIELD(struct workflow_step, review), .present = offsetof(struct workflow_step, has_review),
	  .parse = conf_parse_period },
	{ "template", CONF_TEXT, "what that reminder says; else gennemsyn", FIELD(struct workflow_step, template), NAMES },
};
static const struct conf_table step_table =
	CONF_TABLE("step", step_keys, struct workflow_step, .source = offsetof(struct workflow_step, source));

static const struct conf_key tag_keys[] = {
	{ "name", CONF_TEXT, "the word that rules use, without brackets", .required = true,
	  FIELD(struct workflow_tag, name), .parse = conf_parse_tag },
	{ "aliases", CONF_TEXTS, "other words that mean the same", .max = 16,
	  FIELD(struct workflow_tag, aliases), .parse = conf_parse_tag },
	{ "argument", CONF_TEXT, "what follows the word: \"list\", the name of a list or group of people", .fallback = "none",
	  FIELD(struct workflow_tag, argument), .parse = conf_parse_choice, .choices = argument_words },
	{ "in_forward", CONF_FLAG, "it counts also in a forward, in front of VS: or FW:",
	  FIELD(struct workflow_tag, in_forward) },
};
static const struct conf_table tag_table =
	CONF_TABLE("tag", tag_keys, struct workflow_tag, .source = offsetof(struct workflow_tag, source));

static const struct conf_key when_keys[] = {
	{ "thread", CONF_TEXT, "does the mail belong to a known inquiry, or is it a new matter", .fallback = "known",
	  FIELD(struct workflow_when, known), .parse = conf_parse_choice, .choices = thread_words },
	{ "sender", CONF_TEXTS, "the sender acts in one of these roles", FIELD(struct workflow_when, sender), NAMES },
	{ "also", CONF_TEXTS, "the sender has one of these roles, too, in whichever he acts",
	  FIELD(struct workflow_when, also), NAMES },
	{ "not_also", CONF_TEXTS, "the sender has none of these roles", FIELD(struct workflow_when, not_also), NAMES },
	{ "to", CONF_TEXTS, "somebody in To has one of these roles", FIELD(struct workflow_when, to), NAMES },
	{ "not_to", CONF_TEXTS, "nobody in To has any of these roles", FIELD(struct workflow_when, not_to), NAMES },
	{ "cc", CONF_TEXTS, "somebody in To or Cc has one of these roles", FIELD(struct workflow_when, cc), NAMES },
	{ "not_cc", CONF_TEXTS, "nobody in To or Cc has any of these roles", FIELD(struct workflow_when, not_cc), NAMES },
	{ "tag", CONF_TEXT, "this tag counts in the subject; without it the rule goes by the shape of the mail",
	  FIELD(struct workflow_when, tag), .parse = conf_parse_tag },
	{ "parent", CONF_TEXTS, "the newest known mail that this one answers or forwards is from one of these roles",
	  FIELD(struct workflow_when, parent), NAMES },
	{ "trusted", CONF_WANT, "our own server vouches for the sender", FIELD(struct workflow_when, trusted) },
	{ "link", CONF_WANT, "a case link stands in the mail", FIELD(struct workflow_when, link) },
	{ "outside", CONF_WANT, "somebody in To is outside our own domains", FIELD(struct workflow_when, outside) },
	{ "forward", CONF_WANT, "the mail is a forward", FIELD(struct workflow_when, forward) },
	{ "receipt", CONF_WANT, "the subject is that of a receipt, by one of receipt_words",
	  FIELD(struct workflow_when, receipt) },
	{ "encrypted", CONF_WANT, "only its recipient can read the mail", FIELD(struct workflow_when, encrypted) },
	{ "asker", CONF_WANT, "it is a letter of who asked: written by him, or passed on by somebody",
	  FIELD(struct workflow_when, asker) },
	{ "reaches", CONF_WANT, "this mail and those before it have gone to everybody whom the answer must reach",
	  FIELD(struct workflow_when, reaches) },
	{ "mailbox", CONF_TEXT, "where the shared mailbox stands in the mail", FIELD(struct workflow_when, mailbox),
	  .parse = conf_parse_choice, .choices = place_words },
	{ "copy", CONF_FLAG, "nothing but who wrote to whom says that the mail belongs here; it moves nothing",
	  FIELD(struct workflow_when, copy) },
	{ "automatic", CONF_FLAG, "mail that no person wrote matches, too", FIELD(struct workflow_when, automatic) },
};
static const struct conf_table when_table = CONF_TABLE("when", when_keys, struct workflow_when);

static const struct conf_key assign_keys[] = {
	{ "role", CONF_TEXT, "the role that somebody gets for this inquiry", .required = true,
	  FIELD(struct workflow_assign, role), NAMES },
	{ "from", CONF_TEXT, "where in the mail that person stands", .required = true,
	  FIELD(struct workflow_assign, from), .parse = conf_parse_choice, .choices = from_words },
};
static const struct conf_table assign_table = CONF_TABLE("assign", assign_keys, struct workflow_assign);

static const struct conf_key mail_keys[] = {
	{ "to", CONF_TEXTS, "the roles that it is sent to", .required = true, .min = 1,
	  FIELD(struct workflow_mail, to), NAMES },
	{ "template", CONF_TEXT, "the file in the folder of templates, without .txt", .required = true,
	  FIELD(struct workflow_mail, template), NAMES },
};
static const struct conf_table mail_table = CONF_TABLE("mail", mail_keys, struct workflow_mail);

static const struct conf_key rule_keys[] = {
	{ "cite", CONF_TEXT, "the guideline's rule, as the register quotes it; unique in the file", .required = true,
	  FIELD(struct workflow_rule, cite), .parse = conf_parse_cite },
	{ "from", CONF_TEXTS, "the steps at which it holds; else every step that is not final",
	  FIELD(struct workflow_rule, from), NAMES },
	{ "to", CONF_TEXT, "the step that follows; else it stays", FIELD(struct workflow_rule, to), NAMES },
	{ "when", CONF_GROUP, "the conditions, all of which must hold", .required = true,
	  FIELD(struct workflow_rule, when), .table = &when_table },
	{ "assign", CONF_GROUPS, "who gets a role for this inquiry", .max = 8, FIELD(struct workflow_rule, assign),
	  .count = offsetof(struct workflow_rule, assign_count), .table = &assign_table },
	{ "round", CONF_TEXT, "\"next\": the matter has come back and begins again", .fallback = "same",
	  FIELD(struct workflow_rule, next_round), .parse = conf_parse_flag, .choices = round_words },
	{ "note", CONF_TEXT, "what the register says of it, with the day", FIELD(struct workflow_rule, note) },
	{ "starts", CONF_TEXT, "the deadline that begins with the arrival of the mail", FIELD(struct workflow_rule, starts),
	  NAMES },
	{ "stops", CONF_TEXT, "the deadline that has been met", FIELD(struct workflow_rule, stops), NAMES },
	{ "audience", CONF_TEXT, "who alone is to have the answer: who asked, or whom the tag names", .fallback = "same",
	  FIELD(struct workflow_rule, audience), .parse = conf_parse_choice, .choices = audience_words },
	{ "reached", CONF_FLAG, "it counts as having reached everybody whom the answer must reach",
	  FIELD(struct workflow_rule, reached) },
	{ "mails", CONF_GROUPS, "who is told at once", .max = 8, FIELD(struct workflow_rule, mails),
	  .count = offsetof(struct workflow_rule, mails_count), .table = &mail_table },
};
static const struct conf_table rule_table =
	CONF_TABLE("rule", rule_keys, struct workflow_rule, .source = offsetof(struct workflow_rule, source));

static const struct conf_key rung_keys[] = {
	{ "at", CONF_TEXT, "when: before or after the last day; of unassigned: after the day of arrival",
	  .required = true,
	  FIELD(struct workflow_rung, at), .parse = conf_parse_length },
	{ "to", CONF_TEXTS, "the roles that are reminded; \"ansvarlig\" is whoever holds the step", .required = true,
	  .min = 1, FIELD(struct workflow_rung, to), NAMES },
	{ "cc", CONF_TEXTS, "the roles that get a copy", FIELD(struct workflow_rung, cc), NAMES },
	{ "template", CONF_TEXT, "the file in the folder of templates, without .txt", .required = true,
	  FIELD(struct workflow_rung, template), NAMES },
};
static const struct conf_table rung_table =
	CONF_TABLE("rung", rung_keys, struct workflow_rung, .source = offsetof(struct workflow_rung, source));

static const struct conf_key deadline_keys[] = {
	{ "name", CONF_TEXT, "its name in the register", .required = true, FIELD(struct workflow_deadline, name),
	  NAMES },
	{ "start", CONF_TEXTS, "the steps that start the clock; without them a rule starts it",
	  FIELD(struct workflow_deadline, start), NAMES },
	{ "stop", CONF_TEXTS, "the steps that stop it; final steps always do", FIELD(struct workflow_deadline, stop),
	  NAMES },
	{ "stands", CONF_TEXTS, "the steps at which it stands still: what is left is kept until the next step",
	  FIELD(struct workflow_deadline, stands), NAMES },
	{ "length", CONF_TEXT, "how long it is", .required = true, FIELD(struct workflow_deadline, length),
	  .parse = conf_parse_period },
	{ "counts_from", CONF_TEXT, "\"letter\": the day of the letter that was passed on; else the mail that starts it",
	  .fallback = "mail", FIELD(struct workflow_deadline, from_letter), .parse = conf_parse_flag,
	  .choices = count_words },
	{ "closing_days", CONF_FLAG, "configured closing days are no working days for it",
	  FIELD(struct workflow_deadline, closing_days) },
	{ "round", CONF_TEXT, "\"restart\": a new round has a new clock; \"continue\": what was left",
	  .fallback = "restart", FIELD(struct workflow_deadline, restart), .parse = conf_parse_flag,
	  .choices = clock_words },
	{ "ladder", CONF_GROUPS, "the reminders", .max = WORKFLOW_RUNGS_MAX, FIELD(struct workflow_deadline, ladder),
	  .count = offsetof(struct workflow_deadline, ladder_count), .table = &rung_table },
	{ "unassigned", CONF_GROUPS, "the reminders while nobody has been assigned", .max = WORKFLOW_RUNGS_MAX,
	  FIELD(struct workflow_deadline, unassigned), .count = offsetof(struct workflow_deadline, unassigned_count),
	  .table = &rung_table },
};
static const struct conf_table deadline_table = CONF_TABLE("deadline", deadline_keys, struct workflow_deadline,
	.source = offsetof(struct workflow_deadline, source));

static const struct conf_key addressee_keys[] = {
	{ "title", CONF_TEXT, "what the register calls him", .required = true, FIELD(struct workflow_addressee, title),
	  .parse = conf_parse_words },
	{ "words", CONF_TEXTS, "the words by which he is known, every form of them", .required = true, .min = 1, .max = 50,
	  FIELD(struct workflow_addressee, words), .parse = conf_parse_words },
};
static const struct conf_table addressee_table = CONF_TABLE("addressee", addressee_keys, struct workflow_addressee,
	.source = offsetof(struct workflow_addressee, source));

static const struct conf_key confidential_keys[] = {
	{ "words", CONF_TEXTS, "the words in brackets that say so", .required = true, .min = 1, .max = 16,
	  FIELD(struct workflow_confidential, words), .parse = conf_parse_tag },
	{ "refer_to", CONF_TEXTS, "the roles to whom its sender may write instead", .required = true, .min = 1,
	  FIELD(struct workflow_confidential, refer_to), NAMES },
};
static const struct conf_table confidential_table = CONF_TABLE("confidential", confidential_keys,
	struct workflow_confidential, .source = offsetof(struct workflow_confidential, source));

static const struct conf_key digest_keys[] = {
	{ "role", CONF_TEXT, "who gets a morning digest", .required = true, FIELD(struct workflow_digest, role),
	  NAMES },
	{ "view", CONF_TEXT, "what stands in it", .required = true, FIELD(struct workflow_digest, view),
	  .parse = conf_parse_choice, .choices = view_words },
};
static const struct conf_table digest_table =
	CONF_TABLE("digest", digest_keys, struct workflow_digest, .source = offsetof(struct workflow_digest, source));

static const struct conf_key workflow_keys[] = {
	{ "name", CONF_TEXT, "what such a matter is called", .required = true, FIELD(struct workflow, name) },
	{ "key", CONF_TEXT, "how its keys begin: \"MT\" makes MT-2026-0042", .required = true,
	  FIELD(struct workflow, key), .parse = conf_parse_key },
	{ "roles", CONF_TEXTS, "all roles, in the order in which a sender's is looked for", .required = true, .min = 1,
	  .max = WORKFLOW_ROLES_MAX, FIELD(struct workflow, roles), .source = offsetof(struct workflow, roles_source),
	  NAMES },
	{ "owners", CONF_TEXTS, "the roles that keep the register, the first before the second", .required = true,
	  .min = 1,
	  FIELD(struct workflow, owners), .source = offsetof(struct workflow, owners_source), NAMES },
	{ "interim_to", CONF_TEXT, "the role that gets the text for the citizen of MELLEMSVAR; else the owner",
	  FIELD(struct workflow, interim_to), NAMES },
	{ "assigned", CONF_TEXTS, "the roles that somebody gets for one inquiry",
	  FIELD(struct workflow, assigned), .source = offsetof(struct workflow, assigned_source), NAMES },
	{ "warns_of_cpr", CONF_FLAG, "who sends something like a personal number outside is told, and nobody else",
	  FIELD(struct workflow, warns_of_cpr) },
	{ "audience", CONF_TEXT, "the role whose group every answer must reach", FIELD(struct workflow, audience), NAMES },
	{ "case_links", CONF_TEXTS,
	  "patterns of case numbers and links: 9 is a digit, A a letter, a last * the rest",
	  .max = 50, FIELD(struct workflow, case_numbers), .parse = conf_parse_pattern },
	{ "receipt_words", CONF_TEXTS, "words in the subject of a receipt that follows as a second mail",
	  .max = 50, FIELD(struct workflow, receipt_words) },
	{ "delivery_words", CONF_TEXTS, "words in subject or first line of a program's letter that the answer has arrived",
	  .max = 50, FIELD(struct workflow, delivery_words), .parse = conf_parse_words },
	{ "confidential", CONF_GROUP, "mail that must not be registered", FIELD(struct workflow, confidential),
	  .table = &confidential_table },
	{ "addressees", CONF_GROUPS, "whom citizens write to, the most important first", .max = WORKFLOW_ADDRESSEES_MAX,
	  FIELD(struct workflow, addressees), .count = offsetof(struct workflow, addressees_count),
	  .table = &addressee_table },
	{ "digests", CONF_GROUPS, "who gets which digest", .max = WORKFLOW_DIGESTS_MAX,
	  FIELD(struct workflow, digests), .count = offsetof(struct workflow, digests_count), .table = &digest_table },
	{ "tags", CONF_GROUPS, "the tags that rules ask for", .max = WORKFLOW_TAGS_MAX,
	  FIELD(struct workflow, tags), .count = offsetof(struct workflow, tags_count), .table = &tag_table },
	{ "steps", CONF_GROUPS, "the steps, in the order in which a matter meets them", .required = true, .min = 2,
	  .max = WORKFLOW_STEPS_MAX, FIELD(struct workflow, steps), .count = offsetof(struct workflow, steps_count),
	  .table = &step_table },
	{ "rules", CONF_GROUPS, "the rules that move a matter on", .required = true, .min = 1,
	  .max = WORKFLOW_RULES_MAX,
	  FIELD(struct workflow, rules), .count = offsetof(struct workflow, rules_count), .table = &rule_table },
	{ "deadlines", CONF_GROUPS, "the deadlines with their reminders", .max = WORKFLOW_DEADLINES_MAX,
	  FIELD(struct workflow, deadlines), .count = offsetof(struct workflow, deadlines_count),
	  .table = &deadline_table },
};
static const struct conf_table workflow_table =
	CONF_TABLE("workflow", workflow_keys, struct workflow, .source = offsetof(struct workflow, source));

static const struct conf_key file_keys[] = {
	{ "workflow", CONF_GROUP, "one guideline", FIELD(struct conf_workflow_file, workflow),
	  .present = offsetof(struct conf_workflow_file, has_workflow), .table = &workflow_table },
	{ "course", CONF_GROUP, "or the course that everybody must have", FIELD(struct conf_workflow_file, course),
	  .present = offsetof(struct conf_workflow_file, has_course), .table = &conf_course_table },
};
const struct conf_table conf_workflow_table = CONF_TABLE("the workflow file", file_keys, struct conf_workflow_file);
