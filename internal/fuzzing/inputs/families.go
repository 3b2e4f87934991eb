package inputs

import (
	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// family makes the inputs of one family.
type family struct {
	name       Family
	device     wire.Role // that it is for; 0 for either
	weight     int       // of a hundred inputs that are drawn, so many
	why        string    // that many: what has shown effect on real devices
	boundaries func(Target) []maker
	draw       maker
}

// families are the families in the order in which they take turns. The weights
// are what has been seen, in advisories and in devices; what a run sees does not
// move them, or an input could not be had again by its number.
func families() []family {
	return []family{
		{FamilyLength, 0, 18, "17 of the 56 known patterns; lengths break ESP-IDF, Mongoose and libwebsockets alike", lengthBoundaries, drawLength},
		{FamilySplit, 0, 13, "segments that end within a header: ESP-IDF, uwebsockets, micropython-lib, ESPAsyncWebServer", splitBoundaries, drawSplit},
		{FamilyMask, 0, 5, "keys are seldom looked at, but decide how a payload is read", maskBoundaries, drawMask},
		{FamilyFragment, 0, 13, "10 known patterns; fragments are what small devices join by hand", fragmentBoundaries, drawFragments},
		{FamilyControl, 0, 8, "5 known patterns; queues of pongs, and reserved bits and opcodes that nobody checks", controlBoundaries, drawControl},
		{FamilyClose, 0, 8, "2 known patterns; slots that are lost where a close crosses another", closeBoundaries, drawClose},
		{FamilyRequest, wire.Server, 13, "17 known patterns, the most of all", requestBoundaries, drawRequest},
		{FamilyResponse, wire.Client, 13, "7 known patterns in clients", responseBoundaries, drawResponse},
		{FamilyDeflate, 0, 5, "7 known patterns; few devices speak it", deflateBoundaries, drawDeflated},
		{FamilyConnect, 0, 4, "3 known patterns; slots are 1, 2, 4, 5, 7 or 8", connectBoundaries, drawConnect},
		{FamilyText, 0, 4, "unchecked in most devices: it hardly ever does harm", textBoundaries, drawText},
		{FamilyMixed, 0, 9, "what nobody thought of", mixedBoundaries, drawMixed},
	}
}
