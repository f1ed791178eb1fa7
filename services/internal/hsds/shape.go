package hsds

import "strings"

// format says how a value is written.
type format string

const (
	asText    format = "text"
	asNumber  format = "number"
	asUUID    format = "uuid"
	asURI     format = "uri"
	asEmail   format = "email"
	asDate    format = "date"
	asTime    format = "time"
	asInstant format = "instant"
	asCode    format = "code"
	asOne     format = "one"
	asMany    format = "many"
)

// field is a property that HSDS names.
type field struct {
	format   format
	required bool
	of       string   // the shape of asOne and asMany
	codes    []string // the words of asCode
}

// shape is an object of HSDS: its properties by name. Properties that it does
// not name are kept as they come.
type shape map[string]field

// shapes are the objects of HSDS 3.0 and 3.1. A property is written
// name:format, with ! behind the name when HSDS requires it; {x} is one object
// of shape x, [x] a list of them, and =a,b a list of codes.
var shapes = map[string]shape{
	"organization": read(`id!:uuid name!:text alternate_name:text description!:text email:email website:uri
		additional_websites:[url] tax_status:text tax_id:text year_incorporated:number legal_status:text logo:text
		uri:uri parent_organization_id:uuid funding:[funding] contacts:[contact] phones:[phone] locations:[location]
		programs:[program] organization_identifiers:[organization_identifier] services:[service]`),
	"service": read(`id!:uuid organization_id:uuid program_id:uuid name!:text alternate_name:text description:text
		url:uri additional_urls:[url] email:email status!:=active,inactive,defunct,temporarily_closed
		interpretation_services:text application_process:text fees_description:text wait_time:text fees:text
		accreditations:text eligibility_description:text minimum_age:number maximum_age:number assured_date:date
		assurer_email:email licenses:text alert:text last_modified:instant phones:[phone] schedules:[schedule]
		service_areas:[service_area] service_at_locations:[service_at_location] languages:[language]
		organization:{organization} funding:[funding] cost_options:[cost_option] program:{program}
		required_documents:[required_document] contacts:[contact] capacities:[service_capacity]`),
	"service_at_location": read(`id!:uuid service_id:uuid location_id:uuid description:text
		service_areas:[service_area] contacts:[contact] phones:[phone] schedules:[schedule] location:{location}
		service:{service}`),
	"location": read(`id!:uuid location_type!:=physical,postal,virtual url:uri organization_id:uuid name:text
		alternate_name:text description:text transportation:text latitude:number longitude:number
		external_identifier:text external_identifier_type:text languages:[language] addresses:[address]
		contacts:[contact] accessibility:[accessibility] phones:[phone] schedules:[schedule]`),
	"schedule": read(`id!:uuid service_id:uuid location_id:uuid service_at_location_id:uuid valid_from:date
		valid_to:date dtstart:date timezone:number until:date count:number wkst:=MO,TU,WE,TH,FR,SA,SU
		freq:=WEEKLY,MONTHLY interval:number byday:text byweekno:text bymonthday:text byyearday:text description:text
		opens_at:time closes_at:time schedule_link:uri attending_type:text notes:text`),
	"service_capacity": read(`id!:uuid service_id:uuid unit!:{unit} unit_id:uuid available!:number maximum:number
		description:text updated!:instant`),
	"unit":  read(`id!:uuid name!:text scheme:text identifier:text uri:uri`),
	"phone": read(`id!:uuid location_id:uuid service_id:uuid organization_id:uuid contact_id:uuid service_at_location_id:uuid number!:text extension:number type:text description:text languages:[language]`),
	"contact": read(`id!:uuid organization_id:uuid service_id:uuid service_at_location_id:uuid location_id:uuid
		name:text title:text department:text email:email phones:[phone]`),
	"address": read(`id!:uuid location_id:uuid attention:text address_1!:text address_2:text city!:text region:text
		state_province!:text postal_code!:text country!:text address_type!:=physical,postal,virtual`),
	"language":      read(`id!:uuid service_id:uuid location_id:uuid phone_id:uuid name:text code:text note:text`),
	"service_area":  read(`id!:uuid service_id:uuid service_at_location_id:uuid name:text description:text extent:text extent_type:text uri:uri`),
	"accessibility": read(`id!:uuid location_id:uuid description:text details:text url:uri`),
	"funding":       read(`id!:uuid organization_id:uuid service_id:uuid source:text`),
	"cost_option": read(`id!:uuid service_id:uuid valid_from:date valid_to:date option:text currency:text
		amount:number amount_description:text`),
	"program":                 read(`id!:uuid organization_id:uuid name!:text alternate_name:text description!:text`),
	"required_document":       read(`id!:uuid service_id:uuid document:text uri:uri`),
	"organization_identifier": read(`id!:uuid organization_id:uuid identifier_scheme:text identifier_type!:text identifier!:text`),
	"url":                     read(`id!:uuid organization_id:uuid service_id:uuid label:text url!:uri`),
	"attribute":               read(`id!:uuid link_id:uuid taxonomy_term_id:uuid link_type:text link_entity:text value:text label:text taxonomy_term:{taxonomy_term}`),
	"taxonomy":                read(`id!:uuid name!:text description!:text uri:uri version:text`),
	"taxonomy_term": read(`id!:uuid code:text name!:text description!:text parent_id:uuid taxonomy:text
		taxonomy_detail:{taxonomy} language:text taxonomy_id:uuid term_uri:uri`),
	"metadata": read(`id!:uuid resource_id:uuid resource_type:text last_action_date!:date last_action_type!:text
		field_name!:text previous_value!:text replacement_value!:text updated_by!:text`),
}

func read(text string) shape {
	s := shape{}
	for word := range strings.FieldsSeq(text) {
		name, kind, _ := strings.Cut(word, ":")
		name, required := strings.CutSuffix(name, "!")
		f := field{format: format(kind), required: required}
		switch kind[0] {
		case '{':
			f.format, f.of = asOne, strings.Trim(kind, "{}")
		case '[':
			f.format, f.of = asMany, strings.Trim(kind, "[]")
		case '=':
			f.format, f.codes = asCode, strings.Split(strings.ReplaceAll(kind[1:], "_", " "), ",")
		}
		s[name] = f
	}
	// Every object of HSDS may be described further, and say who changed it.
	s["attributes"] = field{format: asMany, of: "attribute"}
	s["metadata"] = field{format: asMany, of: "metadata"}
	return s
}

// tables are the tables of a tabular delivery and the shape of their rows.
var tables = map[string]string{
	"organizations": "organization", "services": "service", "locations": "location",
	"service_at_location": "service_at_location", "service_at_locations": "service_at_location",
	"programs": "program", "attributes": "attribute", "phones": "phone", "contacts": "contact",
	"addresses": "address", "schedules": "schedule", "funding": "funding", "service_areas": "service_area",
	"required_documents": "required_document", "languages": "language", "accessibility": "accessibility",
	"taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term", "metadata": "metadata",
	"cost_options": "cost_option", "organization_identifiers": "organization_identifier",
	"service_capacity": "service_capacity", "service_capacities": "service_capacity", "units": "unit", "urls": "url",
}

// link is a column by which a row of a table belongs to another.
type link struct{ column, shape, list string }

// links say where the rows of a table belong, by the shape of the row. A row
// may belong to several others.
var links = map[string][]link{
	"phone": {
		{"location_id", "location", "phones"},
		{"service_id", "service", "phones"},
		{"organization_id", "organization", "phones"},
		{"contact_id", "contact", "phones"},
		{"service_at_location_id", "service_at_location", "phones"},
	},
	"contact": {
		{"organization_id", "organization", "contacts"},
		{"service_id", "service", "contacts"},
		{"service_at_location_id", "service_at_location", "contacts"},
		{"location_id", "location", "contacts"},
	},
	"schedule": {
		{"service_id", "service", "schedules"},
		{"location_id", "location", "schedules"},
		{"service_at_location_id", "service_at_location", "schedules"},
	},
	"language": {
		{"service_id", "service", "languages"},
		{"location_id", "location", "languages"},
		{"phone_id", "phone", "languages"},
	},
	"service_area": {
		{"service_id", "service", "service_areas"},
		{"service_at_location_id", "service_at_location", "service_areas"},
	},
	"funding": {
		{"organization_id", "organization", "funding"},
		{"service_id", "service", "funding"},
	},
	"url": {
		{"organization_id", "organization", "additional_websites"},
		{"service_id", "service", "additional_urls"},
	},
	"address":                 {{"location_id", "location", "addresses"}},
	"accessibility":           {{"location_id", "location", "accessibility"}},
	"cost_option":             {{"service_id", "service", "cost_options"}},
	"required_document":       {{"service_id", "service", "required_documents"}},
	"program":                 {{"organization_id", "organization", "programs"}},
	"organization_identifier": {{"organization_id", "organization", "organization_identifiers"}},
	"service_capacity":        {{"service_id", "service", "capacities"}},
}
