package conformance

import (
	"bytes"
	"fmt"
	"math/rand/v2"
)

// pick chooses one of several words.
func pick(r *rand.Rand, of []string) string { return of[r.IntN(len(of))] }

var (
	rooms   = []string{"hall", "kitchen", "attic", "cellar", "garden", "workshop", "stairs", "study"}
	sensors = []string{"thermometer", "hygrometer", "barometer", "lamp", "valve", "counter"}
	states  = []string{"ready", "ready", "ready", "ready", "waiting", "asleep"}
)

// jsonReport is what a bench might say of many devices, one like the other.
func jsonReport(r *rand.Rand, octets int) []byte {
	var b bytes.Buffer
	b.WriteString("{\n    \"bench\": \"first floor\",\n    \"devices\": {\n")
	for n := 1; b.Len() < octets; n++ {
		room, sensor := pick(r, rooms), pick(r, sensors)
		fmt.Fprintf(&b, `        "%s.%d": {
            "kind": "%s",
            "state": "%s",
            "connection": {
                "protocol": "websocket",
                "subprotocol": null,
                "compressed": true,
                "closedCleanly": true,
                "closeCode": 1000,
                "octetsReceived": %d,
                "octetsSent": 1024,
                "messagesLost": 0
            },
            "firmware": "2.4.1",
            "temperatureInDegrees": %d,
            "voltageInMillivolts": 3300,
            "resetReason": "power on",
            "reportFile": "reports/%s_%s_%d.json"
        },
`, room, n, sensor, pick(r, states), 10*(100+r.IntN(10)), 15+r.IntN(10), room, sensor, n)
	}
	return b.Bytes()
}

// signs is how many characters of the page have two octets.
const signs = 263647 - 263620

// htmlReport is the same as a page.
func htmlReport(r *rand.Rand, octets int) []byte {
	var b bytes.Buffer
	b.WriteString("<!DOCTYPE html>\n<html>\n    <head>\n        <meta charset=\"utf-8\" />\n        <title>The bench</title>\n    </head>\n    <body>\n        <table>\n")
	for n := 1; b.Len() < octets; n++ {
		room, sensor, degrees := pick(r, rooms), pick(r, sensors), "&deg;"
		if n <= signs {
			degrees = "°"
		}
		fmt.Fprintf(&b, `            <tr class="device">
                <td class="name"><a href="#%s_%d">%s %d</a></td>
                <td class="kind">%s</td>
                <td class="state state_%s">%s</td>
                <td class="number">%d octets</td>
                <td class="number">%d %sC</td>
            </tr>
`, room, n, room, n, sensor, pick(r, states), pick(r, states), 1000+r.IntN(9000), 10+r.IntN(20), degrees)
	}
	return b.Bytes()
}
