// Package domain holds the rules of response teams and of alerts: who is on call, who is
// asked next, who may say what of an alert, and what must be signed. It refuses to know a
// transport, a clock or a store, who the survivor is, and where.
package domain
