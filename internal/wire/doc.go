// Package wire encodes and decodes WebSocket frames as RFC 6455 §5.2 lays them
// out, octet for octet.
//
// It does not judge what it encodes or decodes: any header that fits the layout
// can be written, lawful or not, and whatever arrives is reported as it is.
// Judging is apart, in [Check] and [CheckClose], for those who want it.
package wire
