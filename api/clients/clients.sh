#!/usr/bin/env bash
# Holds the contracts against tools that are not ours: those who connect to the
# network bring them. Everything is made in a temporary folder; what cannot be
# read, made or compiled is a failure. Needs Node, Go and the internet.
set -euo pipefail

redocly=2.77.0
spectral=6.16.3
js_yaml=5.5.0
ogen=v1.24.0
oapi_codegen=v2.8.2
oapi_runtime=v1.9.0
asyncapi_parser=3.6.6
modelina=5.10.1
typescript=7.0.2

api=$(cd "$(dirname "$0")/.." && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cd "$out"
export GOWORK=off REDOCLY_TELEMETRY=off

# What a bearer token must permit is no scope (OpenAPI 3.1, 4.8.30), and Spectral takes it for one. Redocly looks after
# the rest of that rule.
echo '{extends: ["spectral:oas"], rules: {oas3-operation-security-defined: off, path-keys-no-trailing-slash: off}}' > spectral.yaml
# HSDS has its root at /hsds/. The page for answers sends on with 303, and has no 2xx.
echo '{extends: [recommended-strict], rules: {no-path-trailing-slash: off, operation-2xx-response: off}}' > redocly.yaml
# A client needs no server, and of the features of ogen nothing but itself.
echo 'generator: {features: {disable_all: true, enable: [paths/client]}}' > ogen.yaml

npx --yes "@redocly/cli@$redocly" lint --config redocly.yaml "$api"/openapi/*.yaml
npx --yes "@stoplight/spectral-cli@$spectral" lint --fail-severity warn --ruleset spectral.yaml "$api"/openapi/*.yaml

go mod init clients
go get "github.com/ogen-go/ogen@$ogen" "github.com/oapi-codegen/runtime@$oapi_runtime"
for document in "$api"/openapi/*.yaml; do
	package=$(basename "$document" .yaml | tr -d -)
	mkdir -p "ogen/$package" "oapi/$package"
	npx --yes "js-yaml@$js_yaml" "$document" > /dev/null
	go run "github.com/ogen-go/ogen/cmd/ogen@$ogen" --loglevel error --config ogen.yaml \
		--package "$package" --target "ogen/$package" "$document"
	go run "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@$oapi_codegen" -generate types,client \
		-package "$package" -o "oapi/$package/client.go" "$document"
done
go mod tidy
go vet ./...

npm install --prefix . --silent --no-audit --no-fund --ignore-scripts \
	"@asyncapi/parser@$asyncapi_parser" "@asyncapi/modelina@$modelina" "js-yaml@$js_yaml" "typescript@$typescript"
cp "$api/clients/events.mjs" .
node events.mjs "$api/asyncapi/network.yaml"
