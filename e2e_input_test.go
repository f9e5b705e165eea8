package main

import (
	"testing"

	"mayfly/internal/testkit/browser"
)

func TestInputIsAnsweredInTheQuickBox(t *testing.T) {
	t.Parallel()
	ada := signedIn(t, withLocal.get(t), "Ada")
	tab := ada.browse(browser.Screen{})
	tab.Go("/")
	tab.Paste(editor, "import getpass\nname = input('Who are you? ')\nkey = getpass.getpass('Key: ')\nprint('hello', name, len(key))\nmore = input('More? ')")
	tab.Press("Run")
	tab.SeeIn("#quick-result .question", "Who are you?")
	tab.SeeIn("#quick-result .run-status", "waiting for input")
	tab.Type("#quick-result .question .input", "Ada")
	tab.Keys("\r")
	tab.SeeIn("#quick-result .question", "Key:")
	if kind := browser.Ask[string](tab, "document.querySelector('.question .input').type + document.querySelector('.question .input').value"); kind != "password" {
		t.Errorf("the field for a secret is a %q", kind)
	}
	tab.Accessible("a run that asks")
	tab.Type("#quick-result .question .input", "hunter2")
	tab.Press("Answer")
	tab.SeeIn("#quick-result .log", "hello Ada 7")
	if tab.Shows("#quick-result .log", "hunter2") {
		t.Error("the secret is in the output")
	}
	tab.SeeIn("#quick-result .question", "More?")
	tab.Press("End input")
	tab.SeeIn("#quick-result .failure", "EOFError")
	tab.Gone("#quick-result .question")
}

// What is being typed stays while the run goes on printing.
func TestAHalfTypedAnswerOutlivesOutput(t *testing.T) {
	t.Parallel()
	ada := signedIn(t, withLocal.get(t), "Ada")
	path := ada.start("import threading, time\ndef talk():\n    for i in range(600):\n        print('tick', i, flush=True)\n        time.sleep(0.1)\n" +
		"threading.Thread(target=talk, daemon=True).start()\nprint('got', input('Who? '))\nimport os\nos._exit(0)")
	tab := ada.browse(browser.Screen{})
	tab.Go(path)
	tab.SeeIn(".question", "Who?")
	tab.Type(".question .input", "half")
	tab.Wait("(window.first ??= document.querySelector('.log').textContent) !== document.querySelector('.log').textContent")
	if typed := browser.Ask[string](tab, "document.activeElement.value"); typed != "half" {
		t.Errorf("the field holds %q", typed)
	}
	tab.Keys("\r") // not the button: each new line of the log moves it
	tab.SeeIn(".log", "got half")
}

func TestInputIsAnsweredWithoutScript(t *testing.T) {
	t.Parallel()
	s := withDiscord.get(t)
	tab := browser.Open(t, s.url, browser.Screen{NoScript: true})
	signInAtDiscord(tab, "300000000000000004")
	tab.Type("textarea[name=code]", "print('hello', input('Who are you? '))\nprint('bye', input('And you? '))")
	tab.Press("Run")
	tab.At("/runs/*")
	tab.SeeIn(".question", "Who are you?") // by the page's own refreshes
	tab.Type(".question .input", "Ada")
	tab.Press("Answer")
	tab.At("/runs/*")
	tab.SeeIn(".question", "And you?")
	tab.Type(".question .input", "Bob")
	tab.Press("Answer")
	tab.SeeIn(".log", "bye Bob")
	tab.See("Done in")
}
