module github.com/sanad-network/sanad/api

go 1.26.0
