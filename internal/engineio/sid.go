package engineio

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// An issuer makes the names of sessions, and knows them again however long ago
// it made them: they carry their own proof, so none has to be kept.
type issuer struct{ key []byte }

// Octets of a sid before Base64, and characters of it.
const (
	sidRandom = 9
	sidProof  = 6
	sidLength = 20
)

func newIssuer() issuer {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	return issuer{key}
}

func (i issuer) issue() string {
	random := make([]byte, sidRandom, sidRandom+sidProof)
	_, _ = rand.Read(random)
	return base64.RawURLEncoding.EncodeToString(append(random, i.proof(random)...))
}

func (i issuer) issued(sid string) bool {
	if len(sid) != sidLength {
		return false // the decoder passes over line ends
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(sid)
	return err == nil && len(b) == sidRandom+sidProof && hmac.Equal(b[sidRandom:], i.proof(b[:sidRandom]))
}

func (i issuer) proof(random []byte) []byte {
	mac := hmac.New(sha256.New, i.key)
	mac.Write(random)
	return mac.Sum(nil)[:sidProof]
}
