#include "core/digest.h"

#include "core/confidential.h"

#include <string.h>

/* why: what was wrong; remedy: what to do instead. */
struct reason_words {
	const char *why, *remedy;
};

/* What is read by whoever wrote the mail (ikke-talt), and by the owner of the mailbox in the list of what waits. */
static const struct reason_words reason_words[] = {
	[DECIDE_BY_RULE] = { "Mailen er registreret.", "Du behøver ikke gøre noget." },
	[DECIDE_BY_VERB] = { "Mailen er registreret.", "Du behøver ikke gøre noget." },
	[DECIDE_BY_NO_RULE] = { "Mailen svarer ikke til noget, der kan gøres ved henvendelsen lige nu.",
		"Se herunder, hvor henvendelsen er." },
	[DECIDE_BY_NOT_FRESH] = {
		"Ordet i klammer stod også i den mail, der bliver svaret på, og tæller derfor ikke igen.",
		"Skriv en ny mail med henvendelsens nummer og ordet i klammer i emnet." },
	[DECIDE_BY_PARENT_UNKNOWN] = { "Mailen svarer på en mail, som postkassen ikke har set.",
		"Skriv en ny mail med henvendelsens nummer og ordet i klammer i emnet." },
	[DECIDE_BY_FORWARD] = { "Et ord i klammer tæller ikke i en videresendt mail.",
		"Skriv en ny mail med henvendelsens nummer og ordet i klammer i emnet." },
	[DECIDE_BY_UNTRUSTED] = { "Det kan ikke ses, at mailen er sendt fra afsenderens egen arbejdskonto.",
		"Send mailen igen fra din egen arbejdskonto." },
	[DECIDE_BY_WRONG_ROLE] = { "Det er en anden, der kan beslutte dette for henvendelsen.",
		"Skriv til den postkasseansvarlige." },
	[DECIDE_BY_WRONG_STEP] = { "Det kan ikke lade sig gøre dér, hvor henvendelsen er nu.",
		"Se herunder, hvor henvendelsen er." },
	[DECIDE_BY_WRONG_ROUND] = { "Emnet nævner en tidligere runde af henvendelsen.",
		"Brug emnet eller knappen fra den nyeste mail om henvendelsen." },
	[DECIDE_BY_NOT_ALONE] = {
		"»Godkendt« øverst i et svar tæller kun, når der ikke står andet end en hilsen under det.",
		"Svar igen med kun ordet Godkendt, eller skriv en ny mail med henvendelsens nummer og [GODKENDT] i emnet." },
	[DECIDE_BY_NO_DRAFT] = {
		"»Godkendt« tæller, når det er et svar på udkastet fra sagsbehandleren eller på en mail herfra.",
		"Skriv en ny mail med henvendelsens nummer og [GODKENDT] i emnet, hvis svaret er godkendt." },
	[DECIDE_BY_OLD_DRAFT] = { "Sagsbehandleren har sendt dig en mail siden den, du svarer på; den kan være et nyt udkast.",
		"Svar på den nyeste mail fra sagsbehandleren." },
	[DECIDE_BY_OVERTAKEN] = { "Mailen ventede på at blive placeret, og imens er henvendelsen kommet videre.",
		"Bed afsenderen svare på den nyeste mail om henvendelsen, hvis det stadig gælder." },
	[DECIDE_BY_UNKNOWN_TAG] = { "Ordet i klammer er ikke et af dem, der bruges her.",
		"Se efter, om ordet er stavet rigtigt, og send mailen igen." },
	[DECIDE_BY_SEVERAL_TAGS] = { "Mailen siger flere ting, som ikke passer sammen.",
		"Send en mail med kun ét ord i klammer i emnet." },
	[DECIDE_BY_BAD_ARGUMENT] = {
		"Det, der står efter ordet i klammerne, kunne ikke forstås, eller dagen er forbi eller for langt fremme.",
		"Skriv for eksempel [NY FRIST 14-04-2026] eller [HØRER TIL MT-2026-0042]. Efter FLYT TIL skrives "
		"postkassens navn eller adresse. Efter DEL skrives et tal fra 2 til 9." },
	[DECIDE_BY_MERGED] = { "Henvendelsen er lagt sammen med en anden, så det kan ikke ses, hvilken af dem der menes.",
		"Skriv en ny mail med det nummer, der står i emnet på denne mail." },
	[DECIDE_BY_SAME_ALREADY] = { "De to numre er allerede den samme henvendelse.", "Du behøver ikke gøre noget." },
	[DECIDE_BY_OTHER_CLOSED] = {
		"Den henvendelse, der er nævnt efter SAMME SOM, er afsluttet, så denne ville ende uden svar.",
		"Er borgeren svaret, så skriv [AFSLUT] med denne henvendelses nummer. Ellers bliver den liggende." },
	[DECIDE_BY_DEADLINE_LOST] = {
		"Henvendelsen har en frist for sig selv, fx for aktindsigt, som ikke findes i den anden postkasse. Så ville ingen "
		"blive mindet om den.",
		"Skriv det først, når fristen er overholdt, fx [AKTINDSIGT BESVARET]. Ellers bliver henvendelsen, hvor den er." },
	[DECIDE_BY_SPLIT_ALREADY] = { "Henvendelsen er allerede delt.",
		"Er der flere sager i brevet, så skriv en ny mail til postkassen med [NY HENVENDELSE] forrest i emnet." },
	[DECIDE_BY_PARTS_MOVED] = { "En af de andre dele er kommet videre, så delingen kan ikke fortrydes.",
		"Skriv [AFSLUT] med nummeret på den del, der ikke skal være der." },
	[DECIDE_BY_NO_INQUIRY] = { "Det kan ikke ses, hvilken henvendelse mailen hører til.",
		"Send mailen igen med henvendelsens nummer i emnet." },
	[DECIDE_BY_TWO_CANDIDATES] = { "Mailen kan høre til mere end én henvendelse.",
		"Send en mail, der kun nævner den ene henvendelses nummer i emnet." },
	[DECIDE_BY_CLOSED] = { "Henvendelsen er afsluttet.",
		"Kontakt den postkasseansvarlige, hvis den skal åbnes igen." },
	[DECIDE_BY_NOT_HUMAN] = { "Mailen ser ud til at være sendt automatisk.",
		"Skriv en almindelig mail med henvendelsens nummer i emnet." },
	[DECIDE_BY_SPAM] = { "Mailen er af et filter mærket som spam.",
		"Svar på mailen med [NY HENVENDELSE], hvis den er det ikke." },
	[DECIDE_BY_NO_SENDER] = { "Mailen har ikke én tydelig afsender.",
		"Send mailen igen med én afsender." },
	[DECIDE_BY_NOT_OPENING] = { "Mailen svarer ikke på den mail, der åbnede henvendelsen.",
		"Svar på den første mail i henvendelsen, og skriv ordet i klammer forrest i emnet." },
	[DECIDE_BY_OVERVIEW] = { "Mailen svarer på et overblik over flere ting, så det kan ikke ses, hvad ordet gælder.",
		"Find mailen i postkassen, og svar på den, eller skriv en ny mail med henvendelsens nummer forrest i emnet." },
	[DECIDE_BY_NOT_LATEST] = {
		"Mailen svarer på en ældre mail end den, der sidst ændrede henvendelsen, så det kan ikke ses, hvad der menes.",
		"Skriv en ny mail med henvendelsens nummer og [FORTRYD] i emnet for at fortryde den seneste ændring." },
	[DECIDE_BY_NOTHING_TO_UNDO] = { "Der er ikke nogen ændring at fortryde.",
		"Du behøver ikke gøre noget." },
	[DECIDE_BY_SEEN_BEFORE] = { "Den samme mail er set før.", "Du behøver ikke gøre noget." },
	[DECIDE_BY_OWN_ID] = { "Mailen er sendt herfra.", "Du behøver ikke gøre noget." },
	[DECIDE_BY_BEFORE_START] = { "Mailen er fra før den dag, registeret begynder.",
		"Send en ny mail, hvis den stadig er aktuel." },
	[DECIDE_BY_ELSEWHERE] = { "Mailen er også kommet til en anden postkasse og er registreret dér.",
		"Skal den også behandles her, så svar på den med [NY HENVENDELSE] forrest i emnet." },
	[DECIDE_BY_PERHAPS_NEW] = { "Mailen er kommet i en kendt henvendelse, men kan være en ny.",
		"Svar på mailen med [NY HENVENDELSE] eller [HØRER TIL MT-2026-0042] forrest i emnet." },
	[DECIDE_BY_PERHAPS_ANSWER] = {
		"Mailen har et link til sagen og kan være svaret, men den er ikke sendt af sagsbehandleren til postkassen alene.",
		"Er det svaret, så send det videre med linket." },
	[DECIDE_BY_NOT_TOGETHER] = {
		"Beslutningen tages sammen med andre, og ingen af dem står som modtager af mailen.",
		"Send mailen igen med en af dem på cc." },
	[DECIDE_BY_UNKNOWN_LIST] = { "Der er ingen liste og intet udvalg med det navn, der står efter ordet i klammerne.",
		"Skriv navnet, som det står i listerne, eller spørg den postkasseansvarlige, hvad det er." },
	[DECIDE_BY_NO_AUDIENCE] = { "Det kan ikke ses, hvem svaret så alene skal sendes til.",
		"Spørg den postkasseansvarlige, hvad listen hedder." },
	[DECIDE_BY_FAILURE] = { "Mailen er fra et system og er ikke en kvittering for, at et svar er nået frem.",
		"Læs mailen, og se efter, om svaret skal sendes igen." },
	[DECIDE_BY_CONFIDENTIAL] = { "Mailen er fortrolig og er ikke registreret.", "Du behøver ikke gøre noget." },
	[DECIDE_BY_UNREADABLE] = { "Mailen kan ikke læses og er lagt til side.", "Send en ny mail." },
};

enum {
#define X(name, word, sentence) + 1
	REASONS = 0 DECIDE_REASONS(X)
#undef X
};

_Static_assert(sizeof(reason_words) / sizeof(reason_words[0]) == REASONS, "a reason without words");

const char *digest_reason_why(enum decide_reason reason)
{
	return reason_words[reason].why;
}

const char *digest_reason_remedy(enum decide_reason reason)
{
	return reason_words[reason].remedy;
}

/* Names that every template may use. */
#define HOUSE_NAMES \
	{ .name = "navn" }, { .name = "dato" }, { .name = "postkasse" }, { .name = "postkasse_navn" }, \
	{ .name = "ansvarlig" }, { .name = "ansvarlig_adresse" }

/* What is known of one inquiry; list: whose items have these names, NULL in a template about one inquiry. */
#define INQUIRY_NAMES(list) \
	{ "nummer", list, false }, { "emne", list, false }, { "runde", list, false }, { "stilet_til", list, false }, \
	{ "trin", list, false }, { "hos", list, false }, { "hos_rolle", list, false }, { "hos_dig", list, false }, \
	{ "modtaget", list, false }, { "siden", list, false }, { "frist", list, false }, { "hvornaar", list, false }, \
	{ "dag", list, false }, { "overskredet", list, false }, { "ventes", list, false }, \
	{ "staar_stille", list, false }, \
	{ "lovet", list, false }, \
	{ "frister", list, true }, { "frist_navn", "frister", false }, { "frist_tekst", "frister", false }, \
	{ "forklaring", list, false }, { "ikke_set", list, false }, { "sagslink", list, false }, \
	{ "godkendt", list, false }, { "ikke_godkendt", list, false }, { "noteret", list, false }, \
	{ "mangler", list, false }, { "mangler_link", list, false }, { "kun_til", list, false }, \
	{ "ogsaa", list, false }, { "sendt_ind_af", list, false }, { "borgerens_andre", list, false }

/* What the reader may answer by one tap. */
#define TAP_NAMES(list) \
	{ "kan_godkende", list, false }, { "kan_sende_retur", list, false }, { "kan_melde_afsendt", list, false }, \
	{ "kan_ivaerksaette", list, false }, { "kan_melde_afklaret", list, false }, \
	{ "kan_melde_medlemssvar", list, false }

#define ANSWER_NAMES(list) \
	{ "svarmuligheder", list, true }, { "handling", "svarmuligheder", false }, \
	{ "mailemne", "svarmuligheder", false }, { "kopi_til", "svarmuligheder", false }, \
	{ "til_den_rette", "svarmuligheder", false }, \
	{ "link", "svarmuligheder", false }

/* The wrapper sees all: lists of letters, mailboxes, overviews and rows, each with its own names inside. */
static const struct template_variable wrapper_names[] = {
	HOUSE_NAMES,
	{ .name = "fravaerende", .list = true }, { .name = "fravaerende_navn", .within = "fravaerende" },
	{ .name = "morgen" }, { .name = "samlet" }, { .name = "fortroligt" }, { .name = "flere_postkasser" },
	{ .name = "antal_venter" }, { .name = "antal_overskredet" },
	{ .name = "breve", .list = true },
	{ .name = "afsnit", .within = "breve", .list = true }, { .name = "tekst", .within = "afsnit" },
	{ .name = "detaljer", .within = "breve" }, { .name = "orientering", .within = "breve" },
	INQUIRY_NAMES("breve"), TAP_NAMES("breve"), ANSWER_NAMES("breve"),
	{ .name = "borgerbrev", .within = "breve", .list = true }, { .name = "brev_til", .within = "borgerbrev" },
	{ .name = "brev_emne", .within = "borgerbrev" }, { .name = "brev_link", .within = "borgerbrev" },
	{ .name = "brev_linjer", .within = "borgerbrev", .list = true }, { .name = "brev_linje", .within = "brev_linjer" },
	{ .name = "postkasser", .list = true },
	{ .name = "oversigter", .within = "postkasser", .list = true },
	{ .name = "egne", .within = "oversigter" }, { .name = "alle", .within = "oversigter" },
	{ .name = "steder", .within = "oversigter" }, { .name = "oevrige", .within = "oversigter" },
	{ .name = "flere", .within = "oversigter" },
	{ .name = "raekker", .within = "oversigter", .list = true },
	INQUIRY_NAMES("raekker"), TAP_NAMES("raekker"), ANSWER_NAMES("raekker"),
	{ .name = "har_tal", .within = "postkasser" }, { .name = "tal", .within = "postkasser", .list = true },
	{ .name = "fra_dag", .within = "tal" }, { .name = "til_dag", .within = "tal" },
	{ .name = "ind", .within = "tal" }, { .name = "ud", .within = "tal" }, { .name = "stoej", .within = "tal" },
	{ .name = "henvendelser", .within = "tal" }, { .name = "besvaret", .within = "tal" },
	{ .name = "andel_besvaret", .within = "tal" }, { .name = "for_sent", .within = "tal" },
	{ .name = "andel_til_tiden", .within = "tal" },
	{ .name = "fortrolige", .within = "postkasser" }, { .name = "fortrolige_flere", .within = "postkasser" },
	{ .name = "har_uplacerede", .within = "postkasser" }, { .name = "flere_uplacerede", .within = "postkasser" },
	{ .name = "kan_placeres", .within = "postkasser" },
	{ .name = "uplacerede", .within = "postkasser", .list = true },
	{ .name = "fra", .within = "uplacerede" }, { .name = "ankom", .within = "uplacerede" },
	{ .name = "mappe", .within = "uplacerede" }, { .name = "aarsag", .within = "uplacerede" },
	{ .name = "emne", .within = "uplacerede" }, { .name = "ulaeselig", .within = "uplacerede" },
	{ .name = "har_ikke_modtaget", .within = "postkasser" },
	{ .name = "ikke_modtaget", .within = "postkasser", .list = true },
	{ .name = "til", .within = "ikke_modtaget" }, { .name = "emne", .within = "ikke_modtaget" },
	{ .name = "hvornaar", .within = "ikke_modtaget" }, { .name = "serversvar", .within = "ikke_modtaget" },
};

/* A template about one inquiry. */
static const struct template_variable inquiry_names[] = {
	HOUSE_NAMES, INQUIRY_NAMES(NULL), TAP_NAMES(NULL), { .name = "orientering" },
};

/* The mail to whoever's word did not count: the word, why, and what to do. */
static const struct template_variable refused_names[] = {
	HOUSE_NAMES, INQUIRY_NAMES(NULL), { .name = "maerke" }, { .name = "aarsag" }, { .name = "raad" },
};

/* The mail to the owner who split a letter. */
static const struct template_variable split_names[] = { HOUSE_NAMES, INQUIRY_NAMES(NULL), { .name = "antal_dele" } };
/* To who wrote what is not registered. */
static const struct template_variable confidential_names[] = {
	HOUSE_NAMES, { .name = "henvis_til" },
};

/* The quarter's mail to a leader: his units, and in each those who have yet to do something. */
static const struct template_variable course_names[] = {
	HOUSE_NAMES, { .name = "kursus" }, { .name = "kvartal" },
	{ .name = "enheder", .list = true },
	{ .name = "enhed", .within = "enheder" }, { .name = "skal_have", .within = "enheder" },
	{ .name = "har", .within = "enheder" }, { .name = "andel", .within = "enheder" },
	{ .name = "kravet", .within = "enheder" }, { .name = "nye", .within = "enheder" },
	{ .name = "frister", .within = "enheder" }, { .name = "i_tide", .within = "enheder" },
	{ .name = "i_tide_andel", .within = "enheder" },
	{ .name = "mangler", .within = "enheder", .list = true },
	{ .name = "medarbejder", .within = "mangler" }, { .name = "staar", .within = "mangler" },
	{ .name = "paabegyndt", .within = "mangler" }, { .name = "gennemfoert", .within = "mangler" },
	{ .name = "senest", .within = "mangler" },
};

#define NAMES_OF(names) { names, sizeof(names) / sizeof((names)[0]) }

const struct template_variables *digest_variables(const char *name)
{
	static const struct template_variables wrapper = NAMES_OF(wrapper_names), inquiry = NAMES_OF(inquiry_names),
		refused = NAMES_OF(refused_names), split = NAMES_OF(split_names), courses = NAMES_OF(course_names),
		confidential = NAMES_OF(confidential_names);

	if (strcmp(name, DIGEST_WRAPPER) == 0)
		return &wrapper;
	if (strcmp(name, DIGEST_SPLIT) == 0)
		return &split;
	if (strcmp(name, DIGEST_COURSES) == 0)
		return &courses;
	if (strcmp(name, CONFIDENTIAL_TEMPLATE) == 0)
		return &confidential;
	return strcmp(name, DIGEST_REFUSED) == 0 ? &refused : &inquiry;
}
