#include "io/crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <sys/random.h>

/* Ids that can be guessed could be forged: without randomness there is no going on. */
void crypto_random_bytes(void *bytes, size_t size)
{
	char *at = bytes;

	while (size > 0) {
		size_t piece = size < 256 ? size : 256;	/* getrandom(2): up to 256 bytes come whole or not at all */

		if (getrandom(at, piece, 0) != (ssize_t)piece)
			abort();
		at += piece;
		size -= piece;
	}
}

void crypto_sha256(const void *bytes, size_t size, uint8_t ret_digest[CRYPTO_SHA256_SIZE])
{
	unsigned int length = 0;

	if (EVP_Digest(bytes, size, ret_digest, &length, EVP_sha256(), NULL) != 1 || length != CRYPTO_SHA256_SIZE)
		abort();
}

void crypto_hmac_sha256(const uint8_t key[CRYPTO_SHA256_SIZE], const void *bytes, size_t size,
	uint8_t ret_mac[CRYPTO_SHA256_SIZE])
{
	unsigned int length = 0;

	if (!HMAC(EVP_sha256(), key, CRYPTO_SHA256_SIZE, bytes, size, ret_mac, &length) || length != CRYPTO_SHA256_SIZE)
		abort();
}
