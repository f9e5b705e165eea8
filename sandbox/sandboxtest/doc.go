// Package sandboxtest is the suite that every real wall must pass: Conform
// says what a kernel does for its owner, Attack what it must not let through.
//
// Words: a Wall is one implementation under test; a desk is the owner's end of
// a run (it keeps what is emitted and answers input); an attack is one program
// in testdata/attacks with the stone that must catch it and the ending it must
// come to; the bait is what an attack would find if a stone were missing.
//
// Invariants: the suite knows a wall by the interfaces of package sandbox
// alone. Attacks run one after another, with an innocent kernel beside each.
// Every checker is itself shown something bad, and must see it.
//
// Does not belong here: how a wall is built, a wall that is not real.
package sandboxtest
