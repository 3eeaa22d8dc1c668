#include "io/tls_words.h"

#include "base/err.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { NAME_MAX_BYTES = 256, NAMES_MAX = 5 };

static void print_date(const ASN1_TIME *time, char *ret_text, size_t size)
{
	struct tm tm = { 0 };

	if (ASN1_TIME_to_tm(time, &tm) != 1 || strftime(ret_text, size, "%Y-%m-%d %H:%M UTC", &tm) == 0)
		snprintf(ret_text, size, "an unreadable date");
}

/* Whoever made the certificate chose these bytes: only what is plain ASCII is shown. */
static void add_name(char *text, size_t size, const unsigned char *name, int length)
{
	size_t used = strlen(text);

	if (used > 0)
		used += (size_t)snprintf(text + used, size - used, ", ");
	for (int i = 0; i < length && used + 1 < size; i++)
		text[used++] = (char)(name[i] > 0x20 && name[i] < 0x7f ? name[i] : '?');
	text[used] = '\0';
}

/* The names that a certificate is for: its DNS names and addresses, or else its common name (RFC 6125). */
static void print_names(X509 *certificate, char *ret_text, size_t size)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	char address[INET6_ADDRSTRLEN];
	int count = sk_GENERAL_NAME_num(names);

	ret_text[0] = '\0';
	for (int i = 0; i < count && i < NAMES_MAX && strlen(ret_text) + NAME_MAX_BYTES < size; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS) {
			add_name(ret_text, size, ASN1_STRING_get0_data(name->d.dNSName),
				ASN1_STRING_length(name->d.dNSName));
		} else if (name->type == GEN_IPADD) {
			int family = ASN1_STRING_length(name->d.iPAddress) == 4 ? AF_INET : AF_INET6;

			if (ASN1_STRING_length(name->d.iPAddress) != (family == AF_INET ? 4 : 16) ||
				!inet_ntop(family, ASN1_STRING_get0_data(name->d.iPAddress), address, sizeof(address)))
				continue;
			add_name(ret_text, size, (const unsigned char *)address, (int)strlen(address));
		}
	}
	GENERAL_NAMES_free(names);
	if (!ret_text[0]) {
		char common[NAME_MAX_BYTES] = "";

		X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, common, sizeof(common));
		add_name(ret_text, size, (const unsigned char *)common, (int)strlen(common));
	}
}

/* Who signed it: in many houses that names the appliance that breaks up TLS. */
static void print_issuer(X509 *certificate, char *ret_text, size_t size)
{
	char common[NAME_MAX_BYTES] = "";

	ret_text[0] = '\0';
	X509_NAME_get_text_by_NID(X509_get_issuer_name(certificate), NID_commonName, common, sizeof(common));
	if (common[0])
		add_name(ret_text, size, (const unsigned char *)common, (int)strlen(common));
	else
		snprintf(ret_text, size, "nobody it names");
}

/* Each of the faults that administrators meet, in a sentence that says what to mend; OpenSSL's words for the rest. */
void tls_words_refusal(X509_STORE_CTX *store, const char *host, char *ret_text, size_t size)
{
	bool own = X509_STORE_CTX_get_error_depth(store) == 0;
	const char *of = own ? "the certificate of" : "an authority's certificate in the chain of";
	X509 *certificate = X509_STORE_CTX_get_current_cert(store);
	int error = X509_STORE_CTX_get_error(store);
	char text[ERR_TEXT_MAX / 2];

	switch (error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		print_date(X509_get0_notAfter(certificate), text, sizeof(text));
		snprintf(ret_text, size, "%s %s has expired on %s", of, host, text);
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		print_date(X509_get0_notBefore(certificate), text, sizeof(text));
		snprintf(ret_text, size, "%s %s is not valid before %s", of, host, text);
		break;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		print_names(certificate, text, sizeof(text));
		snprintf(ret_text, size, "the certificate is for %s, not for %s", text, host);
		break;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		print_issuer(certificate, text, sizeof(text));
		snprintf(ret_text, size, "the certificate of %s is not signed by a known authority, but by %s", host, text);
		break;
	default:
		snprintf(ret_text, size, "the certificate of %s is refused: %s", host, X509_verify_cert_error_string(error));
	}
}
