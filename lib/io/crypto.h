/*
 * crypto - chance and digests for the rest of the program.
 *
 * Nothing else asks the kernel for random bytes or hashes anything that has to stay hashed the same way.
 */
#ifndef IO_CRYPTO_H
#define IO_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

enum { CRYPTO_SHA256_SIZE = 32 };

/* Fills bytes with size random bytes fit for secrets. Aborts when the kernel gives none: no state to go on in. */
void crypto_random_bytes(void *bytes, size_t size);

/* SHA-256 (FIPS 180-4) of size bytes. */
void crypto_sha256(const void *bytes, size_t size, uint8_t ret_digest[CRYPTO_SHA256_SIZE]);

/* HMAC-SHA-256 (RFC 2104) of size bytes under a key of CRYPTO_SHA256_SIZE bytes. */
void crypto_hmac_sha256(const uint8_t key[CRYPTO_SHA256_SIZE], const void *bytes, size_t size,
	uint8_t ret_mac[CRYPTO_SHA256_SIZE]);

#endif
