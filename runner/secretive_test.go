package runner

import "testing"

func TestAnswersThatAreNotShown(t *testing.T) {
	t.Parallel()
	const login = "from getpass import getpass\nuser = input(\"User: \")\nkey = getpass('Key: ')\n"
	for _, c := range []struct {
		code, prompt string
		want         bool
	}{
		{"input('Name: ')", "Name: ", false},
		{"ask()", "PASSWORD for ada: ", true},
		{"click.prompt('API key', hide_input=True)", "API key: ", true},
		{login, "User: ", false},
		{login, "Key: ", true},
		{login, "made elsewhere: ", true},
		{login, "", true},
		{"import getpass\nx = input()", "", false},
	} {
		if got := secretive(c.code, c.prompt); got != c.want {
			t.Errorf("%q asked by %q: %v", c.prompt, c.code, got)
		}
	}
}
