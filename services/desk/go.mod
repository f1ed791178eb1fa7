module github.com/sanad-network/sanad/services/desk

go 1.26.0

require (
	github.com/a-h/templ v0.3.1100
	github.com/nicksnyder/go-i18n/v2 v2.7.0
	golang.org/x/text v0.43.0
	gopkg.in/yaml.v3 v3.0.1
)

require (
	github.com/google/uuid v1.6.0
	github.com/sanad-network/sanad/api v0.0.0
)

replace github.com/sanad-network/sanad/api => ../../api
