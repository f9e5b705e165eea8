package handlers_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"sync"
	"testing"
)

// TestFilesThatArriveSlowlyHoldNoMemorySEC16: eight large notebooks of which the
// end does not come. It is alone: it looks at the memory of the whole program.
func TestFilesThatArriveSlowlyHoldNoMemorySEC16(t *testing.T) {
	r := newRig(t)
	ada := r.person("42")
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	piece := bytes.Repeat([]byte(" "), 1<<20)
	var sending sync.WaitGroup
	var ends []io.Closer
	for range 8 {
		body, in := io.Pipe()
		req := ada.request(http.MethodPost, "/notebooks/import", body)
		req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		sending.Go(func() {
			if answer, err := ada.client.Do(req); err == nil {
				_ = answer.Body.Close()
			}
		})
		fmt.Fprint(in, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.ipynb\"\r\n\r\n")
		for range 18 {
			if _, err := in.Write(piece); err != nil {
				t.Fatal(err)
			}
		}
		ends = append(ends, in)
	}
	if grown := heap() - before; grown > 50_000_000 {
		t.Errorf("they hold %d MB", grown/1_000_000)
	}
	for _, end := range ends {
		_ = end.Close() // a body that breaks off
	}
	sending.Wait()
	if left, _ := os.ReadDir(os.TempDir()); bytes.Contains(fmt.Append(nil, left), []byte("mayfly-import-")) {
		t.Errorf("left over: %v", left)
	}
}
