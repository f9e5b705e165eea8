package api_test

import (
	"os"
	"testing"
	"time"

	"mayfly/internal/testkit/node"
)

// elsewhere is the zone of the tests' machine, so that a time that is not sent in
// UTC shows.
const elsewhere = "+09:00"

func TestMain(m *testing.M) {
	time.Local = time.FixedZone("elsewhere", 9*60*60)
	os.Exit(node.Main(m))
}
