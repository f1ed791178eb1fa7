package front

// commands are all that is answered.
var commands map[string]command

func init() {
	greet := command{do: (*conn).hello, open: true, loose: true}
	commands = map[string]command{
		// Who is there.
		"hello": greet, "isMaster": greet, "ismaster": greet,
		"ping":             {do: nothing, open: true},
		"saslStart":        {do: (*conn).saslStart, open: true, takes: []string{"mechanism", "payload", "autoAuthorize", "options"}},
		"saslContinue":     {do: (*conn).saslContinue, open: true, takes: []string{"conversationId", "payload"}},
		"logout":           {do: (*conn).logout},
		"connectionStatus": {do: (*conn).connectionStatus, takes: []string{"showPrivileges"}},
		"buildInfo":        {do: buildInfo}, "buildinfo": {do: buildInfo},
		"endSessions": {do: nothing},

		// What there is.
		"listDatabases":   {do: (*conn).listDatabases, takes: []string{"filter", "nameOnly", "authorizedDatabases"}},
		"listCollections": {do: (*conn).listCollections, takes: []string{"filter", "nameOnly", "authorizedCollections", "cursor"}},
		"listIndexes":     {do: (*conn).listIndexes, takes: []string{"cursor"}},
		"create":          {do: (*conn).create, writes: true},
		"drop":            {do: (*conn).drop, writes: true},
		"dropDatabase":    {do: (*conn).dropDatabase, writes: true},

		// Documents.
		"insert": {do: (*conn).insert, writes: true, takes: []string{"documents", "ordered", "bypassDocumentValidation"}},
		"delete": {do: (*conn).remove, writes: true, takes: []string{"deletes", "ordered"}},
		"find": {do: (*conn).find, takes: []string{
			"filter", "sort", "projection", "skip", "limit", "batchSize", "singleBatch", "noCursorTimeout", "allowPartialResults", "allowDiskUse",
		}},
		"count":       {do: (*conn).count, takes: []string{"query", "limit", "skip", "fields"}},
		"aggregate":   {do: (*conn).aggregate, takes: []string{"pipeline", "cursor", "allowDiskUse"}},
		"getMore":     {do: (*conn).getMore, takes: []string{"collection", "batchSize"}},
		"killCursors": {do: (*conn).killCursors, takes: []string{"cursors"}},
	}
}

// nothing is done, and that was all that was asked.
func nothing(_ *conn, _ *arguments, out []byte) ([]byte, error) { return out, nil }
