/* Runs a fuzz target over every file of the folders given, so that what fuzzing found stays found. */
#include "base/err.h"
#include "base/text.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *folder, const char *name)
{
	struct text path CLEANUP(text_done) = TEXT_NULL, bytes CLEANUP(text_done) = TEXT_NULL;
	char chunk[4096];
	size_t got;
	FILE *file;

	text_addf(&path, "%s/%s", folder, name);
	file = fopen(text_string(&path), "rb");
	if (!file)
		return -1;
	while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
		text_add_bytes(&bytes, chunk, got);
	fclose(file);
	return LLVMFuzzerTestOneInput((const uint8_t *)text_string(&bytes), bytes.length);
}

int main(int argc, char **argv)
{
	size_t count = 0;

	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);
		struct dirent *entry;

		if (!folder) {
			perror(argv[i]);
			return 1;
		}
		while ((entry = readdir(folder)) != NULL)
			if (entry->d_name[0] != '.' && replay_file(argv[i], entry->d_name) == 0)
				count++;
		closedir(folder);
	}
	printf("%zu files\n", count);
	return count ? 0 : 1;
}
