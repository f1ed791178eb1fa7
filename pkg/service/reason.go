package service

import (
	"strings"
	"unicode"
)

// ReasonRule says what a reason is, in the words of a problem.
const ReasonRule = "a sentence of 5 to 200 characters on one line"

const (
	shortestReason, longestReason = 5, 200
	// mostDigits is how many digits a reason may hold in one number: a date has
	// eight with its separators, and a telephone number has more.
	mostDigits = 6
)

// FitReason says whether a text may be kept as the reason of a decision: reasons are
// signed and never deleted, so it refuses what may identify a person. It cannot find
// names.
func FitReason(text string) bool {
	if n := len([]rune(text)); n < shortestReason || n > longestReason || strings.ContainsRune(text, '@') {
		return false
	}
	digits := 0
	for _, r := range text {
		switch {
		case !unicode.IsPrint(r):
			return false
		case unicode.IsDigit(r):
			if digits++; digits > mostDigits {
				return false
			}
		case !strings.ContainsRune(" -./()+", r):
			digits = 0
		}
	}
	return true
}
