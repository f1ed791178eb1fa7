package schema

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is how deep a body may nest.
const maxDepth = 32

// SyntaxError is a reason why a text is not the JSON that is taken here. Its text
// is a constant of this package.
type SyntaxError string

func (s SyntaxError) Error() string { return string(s) }

const (
	notJSON      SyntaxError = "is not JSON"
	notUTF8      SyntaxError = "is not UTF-8"
	tooDeep      SyntaxError = "nests deeper than 32 levels"
	duplicateKey SyntaxError = "names a property twice"
	trailingData SyntaxError = "goes on after the JSON value"
	badNumber    SyntaxError = "has a number out of range"
)

// Parse reads one JSON value, stricter than encoding/json: no name twice, no
// invalid UTF-8 or lone surrogate, no number that a float64 cannot hold, nothing
// after it. Two readers of one text must not read different values.
func Parse(text string) (any, error) {
	if !utf8.ValidString(text) {
		return nil, notUTF8
	}
	p := parser{text: text}
	p.space()
	value, err := p.value(0)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.at < len(p.text) {
		return nil, trailingData
	}
	return value, nil
}

type parser struct {
	text string
	at   int
}

// peek is the byte that comes next, 0 at the end: no JSON token begins with it.
func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// next skips to the next token and reports whether it is c, which it takes.
func (p *parser) next(c byte) bool {
	p.space()
	if p.peek() != c {
		return false
	}
	p.at++
	return true
}

func (p *parser) value(depth int) (any, error) {
	switch c := p.peek(); {
	case c == '{' || c == '[':
		if depth == maxDepth {
			return nil, tooDeep
		}
		p.at++
		if c == '{' {
			return p.object(depth + 1)
		}
		return p.array(depth + 1)
	case c == '"':
		return p.string()
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	case p.literal("true"):
		return true, nil
	case p.literal("false"):
		return false, nil
	case p.literal("null"):
		return nil, nil
	}
	return nil, notJSON
}

func (p *parser) literal(word string) bool {
	if !strings.HasPrefix(p.text[p.at:], word) {
		return false
	}
	p.at += len(word)
	return true
}

func (p *parser) object(depth int) (any, error) {
	// Most bodies and events have so many properties.
	object := make(map[string]any, 12)
	if p.next('}') {
		return object, nil
	}
	for {
		p.space()
		name, err := p.string()
		if err != nil {
			return nil, err
		}
		if _, twice := object[name]; twice {
			return nil, duplicateKey
		}
		if !p.next(':') {
			return nil, notJSON
		}
		p.space()
		if object[name], err = p.value(depth); err != nil {
			return nil, err
		}
		switch {
		case p.next(','):
		case p.next('}'):
			return object, nil
		default:
			return nil, notJSON
		}
	}
}

func (p *parser) array(depth int) (any, error) {
	array := []any{}
	if p.next(']') {
		return array, nil
	}
	for {
		p.space()
		value, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
		switch {
		case p.next(','):
		case p.next(']'):
			return array, nil
		default:
			return nil, notJSON
		}
	}
}

// string is a part of the text itself unless something in it is escaped.
func (p *parser) string() (string, error) {
	if p.peek() != '"' {
		return "", notJSON
	}
	p.at++
	start := p.at
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '"':
			s := p.text[start:p.at]
			p.at++
			return s, nil
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			return "", notJSON
		}
	}
	return "", notJSON
}

func (p *parser) escaped(start int) (string, error) {
	out := []byte(p.text[start:p.at])
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == '"':
			return string(out), nil
		case c < ' ':
			return "", notJSON
		case c != '\\':
			out = append(out, c)
		case p.peek() == 'u':
			p.at++
			r, err := p.rune()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
		default:
			i := strings.IndexByte(`"\/bfnrt`, p.peek())
			if i < 0 {
				return "", notJSON
			}
			out = append(out, "\"\\/\b\f\n\r\t"[i])
			p.at++
		}
	}
	return "", notJSON
}

// rune reads what stands after \u, and the second half of a pair.
func (p *parser) rune() (rune, error) {
	first, err := p.hex()
	if err != nil || !utf16.IsSurrogate(first) {
		return first, err
	}
	if !p.literal(`\u`) {
		return 0, notUTF8
	}
	second, err := p.hex()
	if err != nil {
		return 0, err
	}
	r := utf16.DecodeRune(first, second)
	if r == utf8.RuneError {
		return 0, notUTF8
	}
	return r, nil
}

func (p *parser) hex() (rune, error) {
	if len(p.text)-p.at < 4 {
		return 0, notJSON
	}
	n, err := strconv.ParseUint(p.text[p.at:p.at+4], 16, 16)
	if err != nil {
		return 0, notJSON
	}
	p.at += 4
	return rune(n), nil
}

// number takes the grammar of RFC 8259, section 6: no leading zero, no plus.
func (p *parser) number() (any, error) {
	start := p.at
	if p.peek() == '-' {
		p.at++
	}
	leading := p.peek() == '0'
	if n := p.digits(); n == 0 || leading && n > 1 {
		return nil, notJSON
	}
	if p.peek() == '.' {
		p.at++
		if p.digits() == 0 {
			return nil, notJSON
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.at++
		if c := p.peek(); c == '+' || c == '-' {
			p.at++
		}
		if p.digits() == 0 {
			return nil, notJSON
		}
	}
	f, err := strconv.ParseFloat(p.text[start:p.at], 64)
	if err != nil {
		return nil, badNumber
	}
	return f, nil
}

func (p *parser) digits() int {
	start := p.at
	for c := p.peek(); '0' <= c && c <= '9'; c = p.peek() {
		p.at++
	}
	return p.at - start
}
