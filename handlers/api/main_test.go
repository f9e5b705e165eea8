package api_test

import (
	"os"
	"testing"

	"mayfly/internal/testkit/node"
)

func TestMain(m *testing.M) { os.Exit(node.Main(m)) }
