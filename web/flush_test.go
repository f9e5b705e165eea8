package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/klauspost/compress/gzhttp"
)

// An event must leave at once, and the compressing writer lies between a
// stream and the connection whether or not the browser takes gzip.
func TestFlushReachesTheConnectionREL20(t *testing.T) {
	t.Parallel()
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024))
	if err != nil {
		t.Fatal(err)
	}
	for _, accepts := range []string{"gzip, br", "identity", ""} {
		connection := httptest.NewRecorder()
		stream := compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
			w.Header().Set(gzhttp.HeaderNoCompression, "1")
			_, _ = io.WriteString(w, "data: a\n\n")
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Errorf("Accept-Encoding %q: %v", accepts, err)
			}
			if !connection.Flushed || connection.Body.String() != "data: a\n\n" {
				t.Errorf("Accept-Encoding %q: flushed %v, sent %q", accepts, connection.Flushed, connection.Body)
			}
		}))
		r := httptest.NewRequest(http.MethodGet, "/events", nil)
		r.Header.Set("Accept-Encoding", accepts)
		stream.ServeHTTP(&answer{ResponseWriter: connection}, r)
	}
}
