package conformance

// extensions is what is made of extensions that nobody knows, and of subprotocols
// in another case: EXT, REG.
func extensions() []Case {
	return append(stimuli("EXT.4", "§9.1", must,
		titled{"An extension that nobody knows, with a parameter, is offered", granted(Set(fieldExtensions, "x-foo; bar=1"))},
		titled{"Two extensions that nobody knows are offered", granted(Set(fieldExtensions, "x-foo; bar=1, x-baz"))}),
		stimuli("REG.1", "§4.2.2", derived,
			titled{"The subprotocol MQTT is offered, which is not mqtt", Script{
				Request(Set(fieldProtocol, "MQTT")), Obey("SRS-07"), MayRefuse()}})...)
}
