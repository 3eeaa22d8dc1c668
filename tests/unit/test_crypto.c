#include "io/crypto.h"

#include "tests/rows.h"

struct row {
	const char *name, *text, *digest;
};

/* FIPS 180-4's own examples */
static const struct row rows[] = {
	{ "empty", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

static void test_sha256(void **state)
{
	const struct row *row = *state;
	uint8_t digest[CRYPTO_SHA256_SIZE];
	char text[2 * CRYPTO_SHA256_SIZE + 1];

	crypto_sha256(row->text, strlen(row->text), digest);
	for (size_t i = 0; i < CRYPTO_SHA256_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(text, row->digest);
}

/* A thousand bytes, so that one that stays 0 in every place of 256-byte pieces would show. */
static void test_random_bytes(void **state)
{
	uint8_t bytes[1001] = { 0 }, seen[1000] = { 0 };

	(void)state;
	for (int round = 0; round < 20; round++) {
		crypto_random_bytes(bytes, 1000);
		for (size_t i = 0; i < 1000; i++)
			seen[i] |= bytes[i];
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_not_equal(seen[i], 0);
	assert_int_equal(bytes[1000], 0);
}

/* RFC 4231, 4.2: a key of 20 bytes, which zeros behind it do not change (RFC 2104, 2). */
static void test_hmac_sha256(void **state)
{
	static const uint8_t key[CRYPTO_SHA256_SIZE] = { 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11,
		11, 11, 11 };
	static const uint8_t wanted[] = { 0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf, 0xce, 0xaf, 0x0b,
		0xf1, 0x2b, 0x88, 0x1d, 0xc2, 0x00, 0xc9, 0x83, 0x3d, 0xa7, 0x26, 0xe9, 0x37, 0x6c, 0x2e, 0x32, 0xcf, 0xf7 };
	uint8_t mac[CRYPTO_SHA256_SIZE];

	(void)state;
	crypto_hmac_sha256(key, "Hi There", strlen("Hi There"), mac);
	assert_memory_equal(mac, wanted, sizeof(mac));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_random_bytes), cmocka_unit_test(test_hmac_sha256) };

	return RUN_ROWS(rows, test_sha256) + cmocka_run_group_tests(tests, NULL, NULL);
}
