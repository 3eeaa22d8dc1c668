#include "core/decide.h"

/* The words stand with their meanings in decide.h; database and JSON hold them, so none may ever change. */
const char *decide_outcome_word(enum decide_outcome outcome)
{
	static const char *const words[] = {
#define X(name, word, sentence) [DECIDE_##name] = word,
		DECIDE_OUTCOMES(X)
#undef X
	};

	return words[outcome];
}

const char *decide_way_word(enum decide_way way)
{
	static const char *const words[] = {
		[DECIDE_WITHIN] = "within", [DECIDE_IN] = "in", [DECIDE_OUT] = "out",
	};

	return words[way];
}

const char *decide_reason_word(enum decide_reason reason)
{
	static const char *const words[] = {
#define X(name, word, sentence) [DECIDE_BY_##name] = word,
		DECIDE_REASONS(X)
#undef X
	};

	return words[reason];
}

const char *decide_reason_sentence(enum decide_reason reason)
{
	static const char *const sentences[] = {
#define X(name, word, sentence) [DECIDE_BY_##name] = sentence,
		DECIDE_REASONS(X)
#undef X
	};

	return sentences[reason];
}
