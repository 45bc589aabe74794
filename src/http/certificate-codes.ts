/** The codes that Node and OpenSSL give to a certificate that is not trusted (`verify` of OpenSSL; `ERR_TLS_CERT_*` of Node). */
export const CERTIFICATE = /CERT|SIGNED|VERIFY|ISSUER|ALTNAME|HOSTNAME_MISMATCH|UNABLE_TO/;
