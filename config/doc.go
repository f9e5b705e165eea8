// Package config reads Mayfly's settings: the MAYFLY_* environment, the .env
// file of the working folder below it, and for each secret a …_FILE twin.
//
// Words: a Secret is a setting that never shows itself when printed or logged;
// Bytes is a size (MB and GB decimal, MiB and GiB binary).
//
// Invariants: everything is checked once, in Load, and all faults are reported
// together. Only main imports this package; everybody else is handed values.
//
// Does not belong here: rules that need the database, and defaults of single
// packages that no operator sets.
package config
