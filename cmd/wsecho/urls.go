package main

import (
	"net"
	"strconv"

	"wsprobe/internal/certificate"
)

// urls are what firmware can be given to reach a server that listens on addr:
// one for each address of this machine if it listens on all.
func urls(scheme string, addr net.Addr) []string {
	var urls []string
	for _, reached := range certificate.ThisHost().HostPorts(addr) {
		urls = append(urls, scheme+"://"+reached+"/")
	}
	return urls
}

// named is the URL by the name that mdns announces.
func named(scheme, name string, addr net.Addr) string {
	return scheme + "://" + net.JoinHostPort(name+".local", strconv.Itoa(addr.(*net.TCPAddr).Port)) + "/"
}
