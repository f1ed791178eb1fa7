package hsds

import (
	"math"
	"strings"
	"time"
	_ "time/tzdata" // a service's image has no time zones of its own

	"github.com/sanad-network/sanad/api/code"
)

// capitals are the time zones of countries that have one. A country with
// several is not here: its publishers say the zone.
var capitals = map[code.Country]string{
	"AF": "Asia/Kabul", "AL": "Europe/Tirane", "AM": "Asia/Yerevan", "AT": "Europe/Vienna", "AZ": "Asia/Baku",
	"BA": "Europe/Sarajevo", "BD": "Asia/Dhaka", "BE": "Europe/Brussels", "BF": "Africa/Ouagadougou",
	"BG": "Europe/Sofia", "BI": "Africa/Bujumbura", "BJ": "Africa/Porto-Novo", "BO": "America/La_Paz",
	"CF": "Africa/Bangui", "CI": "Africa/Abidjan", "CM": "Africa/Douala", "CO": "America/Bogota",
	"CR": "America/Costa_Rica", "CZ": "Europe/Prague", "DE": "Europe/Berlin", "DK": "Europe/Copenhagen",
	"DO": "America/Santo_Domingo", "DZ": "Africa/Algiers", "EG": "Africa/Cairo", "ET": "Africa/Addis_Ababa",
	"FI": "Europe/Helsinki", "FR": "Europe/Paris", "GB": "Europe/London", "GE": "Asia/Tbilisi", "GH": "Africa/Accra",
	"GN": "Africa/Conakry", "GR": "Europe/Athens", "GT": "America/Guatemala", "HN": "America/Tegucigalpa",
	"HR": "Europe/Zagreb", "HT": "America/Port-au-Prince", "HU": "Europe/Budapest", "IE": "Europe/Dublin",
	"IL": "Asia/Jerusalem", "IN": "Asia/Kolkata", "IQ": "Asia/Baghdad", "IR": "Asia/Tehran", "IT": "Europe/Rome",
	"JM": "America/Jamaica", "JO": "Asia/Amman", "JP": "Asia/Tokyo", "KE": "Africa/Nairobi", "KG": "Asia/Bishkek",
	"KH": "Asia/Phnom_Penh", "KR": "Asia/Seoul", "KW": "Asia/Kuwait", "LA": "Asia/Vientiane", "LB": "Asia/Beirut",
	"LK": "Asia/Colombo", "LR": "Africa/Monrovia", "LT": "Europe/Vilnius", "LV": "Europe/Riga", "LY": "Africa/Tripoli",
	"MA": "Africa/Casablanca", "MD": "Europe/Chisinau", "ME": "Europe/Podgorica", "MG": "Indian/Antananarivo",
	"MK": "Europe/Skopje", "ML": "Africa/Bamako", "MM": "Asia/Yangon", "MR": "Africa/Nouakchott",
	"MW": "Africa/Blantyre", "MZ": "Africa/Maputo", "NE": "Africa/Niamey", "NG": "Africa/Lagos",
	"NI": "America/Managua", "NL": "Europe/Amsterdam", "NO": "Europe/Oslo", "NP": "Asia/Kathmandu",
	"PA": "America/Panama", "PE": "America/Lima", "PH": "Asia/Manila", "PK": "Asia/Karachi", "PL": "Europe/Warsaw",
	"PY": "America/Asuncion", "QA": "Asia/Qatar", "RO": "Europe/Bucharest", "RS": "Europe/Belgrade",
	"RW": "Africa/Kigali", "SA": "Asia/Riyadh", "SD": "Africa/Khartoum", "SE": "Europe/Stockholm",
	"SI": "Europe/Ljubljana", "SK": "Europe/Bratislava", "SL": "Africa/Freetown", "SN": "Africa/Dakar",
	"SO": "Africa/Mogadishu", "SS": "Africa/Juba", "SV": "America/El_Salvador", "SY": "Asia/Damascus",
	"TD": "Africa/Ndjamena", "TG": "Africa/Lome", "TH": "Asia/Bangkok", "TJ": "Asia/Dushanbe", "TL": "Asia/Dili",
	"TM": "Asia/Ashgabat", "TN": "Africa/Tunis", "TR": "Europe/Istanbul", "TZ": "Africa/Dar_es_Salaam",
	"UG": "Africa/Kampala", "UY": "America/Montevideo", "VE": "America/Caracas", "VN": "Asia/Ho_Chi_Minh",
	"YE": "Asia/Aden", "ZA": "Africa/Johannesburg", "ZM": "Africa/Lusaka", "ZW": "Africa/Harare",
	"AE": "Asia/Dubai", "BH": "Asia/Bahrain", "OM": "Asia/Muscat",
	"PS": "Asia/Hebron", // Gaza shows the same time
}

// ZoneOf is the time zone of a country that has one, or nil.
func ZoneOf(c code.Country) *time.Location {
	zone, _ := zoneNamed(capitals[c])
	return zone
}

func zoneNamed(name string) (*time.Location, bool) {
	if name == "" || name == "Local" || strings.ContainsAny(name, ".\\") {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// offsetZone is the zone of a numeric offset in hours, as HSDS has it.
func offsetZone(hours float64) *time.Location {
	return time.FixedZone("", int(math.Round(hours*3600)))
}

// keeps says whether a zone shows an offset at some time of the year. Then an
// exporter without summer time meant that zone by the offset.
func keeps(zone *time.Location, hours float64) bool {
	for _, month := range []time.Month{time.January, time.July} {
		if _, offset := time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC).In(zone).Zone(); offset == int(math.Round(hours*3600)) {
			return true
		}
	}
	return false
}
