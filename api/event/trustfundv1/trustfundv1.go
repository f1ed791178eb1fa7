// Package trustfundv1 holds the events that the trust-fund service records, in their first
// version. Fields are only ever added. What others are told is that an agency has a grant, and
// when it is suspended, restored or closed. Every other event stays in the room
// (ConfinedToAddressees): who gives, who asks and who is judged how is nobody else's to know.
package trustfundv1
