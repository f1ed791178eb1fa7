// Command desk runs the pages of a network as a process of their own.
package main

import "github.com/sanad-network/sanad/services/desk/program"

func main() { program.Main() }
