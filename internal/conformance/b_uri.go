package conformance

// uris are what can be tried of URIs without giving the device one: URI.
func uris() []Case {
	return stimuli("URI.7", "§3", info,
		titled{"A path below /.well-known/", either(StartLine("GET /.well-known/wsprobe HTTP/1.1"))})
}
