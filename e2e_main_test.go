package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"mayfly/internal/testkit/browser"
)

// TestMain makes a copy of this test binary that is started without test flags
// the product itself: the tests run it, and the product runs itself again,
// exactly as bin/mayfly is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-test.") {
		main()
	}
	code := m.Run()
	if err := errors.Join(browser.Close(), stopShared()); err != nil {
		fmt.Println("after the tests:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}
