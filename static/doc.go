// Package static holds what browsers load as it is: the style sheet, the two
// scripts, the fonts and the mark.
//
// Words: a source lies in css, js or img and is what people edit; dist holds
// what `npm run gen` builds from them, committed and embedded, so that
// building Mayfly needs only Go. The edition is one name for everything in
// dist and part of every address, so a browser may keep a file for a year and
// never mixes two editions.
//
// Nothing of a user's is ever served from here.
package static
