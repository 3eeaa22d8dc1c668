/* Prints every key that a configuration file may hold, a line each: file, group, key, kind, need, default. */
#include "io/conf_course.h"
#include "io/conf_main.h"
#include "io/conf_people.h"
#include "io/conf_workflow.h"

#include <stdio.h>

static void print_key(const char *file, const struct conf_table *table, const struct conf_key *key)
{
	static const char *const kinds[] = {
		[CONF_TEXT] = "text", [CONF_TEXTS] = "texts", [CONF_INTEGER] = "number", [CONF_FLAG] = "flag",
		[CONF_WANT] = "flag", [CONF_GROUP] = "group", [CONF_GROUPS] = "groups",
	};

	printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", file, table->name, key->name, kinds[key->type],
		key->required ? "required" : "optional", key->fallback ? key->fallback : "", key->doc);
}

static void print_table(const char *file, const struct conf_table *table)
{
	for (size_t i = 0; i < table->keys_count; i++)
		print_key(file, table, &table->keys[i]);
	for (size_t i = 0; i < table->keys_count; i++)
		if (table->keys[i].table == &conf_course_table)
			print_table("workflows/kurser.conf", &conf_course_table);
		else if (table->keys[i].table)
			print_table(file, table->keys[i].table);
}

int main(void)
{
	print_table("fristd.conf", &conf_main_table);
	print_table("people.conf", &conf_people_table);
	print_table("workflows/borgmester.conf", &conf_workflow_table);
	return 0;
}
