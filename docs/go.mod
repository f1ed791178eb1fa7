module github.com/sanad-network/sanad/docs

go 1.26.0
