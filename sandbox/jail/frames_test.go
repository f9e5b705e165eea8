package jail

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func framed(kind byte, payload string) string {
	return string(append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), kind)) + payload
}

func TestFramesOfALink(t *testing.T) {
	t.Parallel()
	whole := framed('j', `{"t":"done"}`) + framed('b', "bytes") + framed('b', "")
	for cut := range len(whole) {
		l := &link{in: []byte(whole[:cut])}
		var got []string
		for range 2 {
			for {
				f, ok, err := l.next()
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
				got = append(got, string(f.kind)+string(f.payload))
			}
			l.in = append(l.in, whole[cut:]...)
		}
		if strings.Join(got, "|") != `j{"t":"done"}|bbytes|b` {
			t.Fatalf("cut at %d: %q", cut, got)
		}
	}
}

func TestFramesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, bytes := range []string{"\xff\xff\xff\xffj", "\x00\x10\x00\x01j", "\x00\x00\x00\x01x1", "\x00\x00\x00\x00\x00"} {
		if _, _, err := (&link{in: []byte(bytes)}).next(); !errors.Is(err, errBreach) {
			t.Errorf("%q: %v", bytes, err)
		}
	}
	for _, payload := range []string{"", "{", "[]", `"t"`, `{"t":1}`, `{"line":1e99}`, strings.Repeat(`{"a":`, 200_000), "\xff"} {
		if m, err := parse(frame{'j', []byte(payload)}); err == nil {
			t.Errorf("%.20q was read as %+v", payload, m)
		}
	}
	if _, err := parse(frame{'b', []byte(`{}`)}); err == nil {
		t.Error("bytes were read as a message")
	}
}

func TestDisplaysAreBounded(t *testing.T) {
	t.Parallel()
	for name, forms := range map[string][]form{
		"negative": {{"a/b", -1}}, "huge": {{"a/b", displayMax + 1}}, "huge together": {{"a/b", displayMax}, {"c/d", 1}},
		"overflow": {{"a/b", 1 << 62}, {"c/d", 1 << 62}}, "many": make([]form, formsMax+1), "long name": {{strings.Repeat("x", kindMax+1), 1}},
	} {
		if _, err := beginDisplay(message{Forms: forms}); !errors.Is(err, errBreach) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d, err := beginDisplay(message{Forms: []form{{"text/plain", 3}, {"empty", 0}, {"text/html", 2}}})
	if err != nil {
		t.Fatal(err)
	}
	if d.add([]byte("abcd")) == nil || d.add(nil) == nil {
		t.Error("a display took more, or less, than it said")
	}
	for _, piece := range []string{"ab", "c", "\xff!"} {
		if err := d.add([]byte(piece)); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.bundle(); d.left != 0 || got["text/plain"] != "abc" || got["text/html"] != "\ufffd!" || got["empty"] != "" {
		t.Errorf("%d left of %q", d.left, got)
	}
	if d.add([]byte("x")) == nil {
		t.Error("a whole display took more")
	}
}

func TestDecoderNeverTearsACharacter(t *testing.T) {
	t.Parallel()
	text := "aü日🦋\r\n"
	for cut := range len(text) {
		for second := cut; second < len(text); second++ {
			var d decoder
			pieces := []string{d.text([]byte(text[:cut])), d.text([]byte(text[cut:second])), d.text([]byte(text[second:])), d.end()}
			if got := strings.Join(pieces, ""); got != text {
				t.Fatalf("cut at %d and %d: %q", cut, second, got)
			}
			for _, piece := range pieces {
				if !utf8.ValidString(piece) {
					t.Fatalf("cut at %d and %d: %q", cut, second, piece)
				}
			}
		}
	}
	var d decoder
	if got := d.text([]byte("\xf0\x9f")) + d.text([]byte("x\xff")) + d.end(); got != "\ufffdx\ufffd" {
		t.Errorf("broken bytes give %q", got)
	}
}

func TestNamesOfInputs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a.csv", "a/b.csv", ".hidden", "..a", "日本.txt"} {
		if err := checkName(name); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"", ".", "..", "/", "/etc/passwd", "../a", "a/../../b", "a//b", "a/", "./a", "a\x00b", "\xff"} {
		if checkName(name) == nil {
			t.Errorf("%q passes", name)
		}
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		most int
		want string
	}{{"a\n b\t\x00c", 100, "a b \x00c"}, {"日本", 4, "日"}, {"日本", 2, ""}, {"\xff", 10, "\ufffd"}, {"abc", 3, "abc"}} {
		if got := oneLine(c.text, c.most); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}
