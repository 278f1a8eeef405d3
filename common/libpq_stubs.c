/* SPDX-License-Identifier: MIT */
/*
 * libpq_stubs -- stand-ins for Kerberos and LDAP in a static libpq.
 *
 * Debian's libpq.a refers to Kerberos (gss_*) and LDAP (ldap_*), of which
 * Debian has no static libraries.  A function never uses either: db.c sets
 * gssencmode=disable, and LDAP is only asked when a connection service file
 * names an ldap:// address.  These stand-ins fail, so that whoever asks for it
 * all the same gets an error and not a crash.  With --disable-static-functions
 * this file is not built.
 *
 * The linker looks at names alone, so none of the two headers is needed.
 */
#include "base.h"

/* RFC 2744, section 3.9.1: GSS_S_UNAVAILABLE, a routine error. */
enum {
	GSS_UNAVAILABLE = 16 << 16,
};

uint32_t libpq_stubs_gss(void);
void *libpq_stubs_ldap(void);

void *GSS_C_NT_HOSTBASED_SERVICE;

uint32_t
libpq_stubs_gss(void)
{
	return GSS_UNAVAILABLE;
}

/* NULL from ldap_init() ends a look-up before any other call. */
void *
libpq_stubs_ldap(void)
{
	return NULL;
}

#define GSS __attribute__((alias("libpq_stubs_gss")))
#define LDAP __attribute__((alias("libpq_stubs_ldap")))

uint32_t gss_acquire_cred(void) GSS;
uint32_t gss_delete_sec_context(void) GSS;
uint32_t gss_display_status(void) GSS;
uint32_t gss_import_name(void) GSS;
uint32_t gss_init_sec_context(void) GSS;
uint32_t gss_release_buffer(void) GSS;
uint32_t gss_release_cred(void) GSS;
uint32_t gss_release_name(void) GSS;
uint32_t gss_unwrap(void) GSS;
uint32_t gss_wrap(void) GSS;
uint32_t gss_wrap_size_limit(void) GSS;

void *ldap_count_entries(void) LDAP;
void *ldap_err2string(void) LDAP;
void *ldap_first_entry(void) LDAP;
void *ldap_get_values_len(void) LDAP;
void *ldap_init(void) LDAP;
void *ldap_msgfree(void) LDAP;
void *ldap_result(void) LDAP;
void *ldap_search_st(void) LDAP;
void *ldap_set_option(void) LDAP;
void *ldap_simple_bind(void) LDAP;
void *ldap_unbind(void) LDAP;
void *ldap_value_free_len(void) LDAP;
