/*
 * tls_words - why a certificate was refused, in words that help an administrator mend it. For tls.c only.
 */
#ifndef IO_TLS_WORDS_H
#define IO_TLS_WORDS_H

#include <openssl/x509.h>
#include <stddef.h>

/* What is wrong with the certificate at which the verification of host's chain has stopped: one line. */
void tls_words_refusal(X509_STORE_CTX *store, const char *host, char *ret_text, size_t size);

#endif
