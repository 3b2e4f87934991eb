// Package certificate makes a small certificate authority (CA) and a certificate
// for this host, once, and keeps them, so that firmware that was given the CA
// goes on trusting the bench.
//
//	authority, err := certificate.Open("", certificate.Options{})
//	…
//	listener = tls.NewListener(listener, authority.TLSConfig())
//
// They lie in a folder of their own for each kind of key, ecdsa or rsa:
//
//	ca.pem    the CA, which devices are given; valid for 10 years, never replaced
//	ca.key    its private key
//	host.pem  the certificate of this host, which servers show; valid for 825
//	          days, replaced in time, and when the host has a new name or address
//	host.key  its private key; the same in every host.pem, for firmware that pins
//	          the public key instead of the CA
//
// Who wants another CA removes the folder: what is there is never overwritten,
// whatever is wrong with it.
package certificate
