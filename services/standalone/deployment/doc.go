// Package deployment holds no code, only tests: they hold the files under
// deploy/ and k8s/ against the programs that they deploy. A manifest that a
// cluster would refuse, a variable that no service reads, a query or an alert
// over a metric that does not exist: each fails here, without a cluster.
package deployment
