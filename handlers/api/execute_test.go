package api_test

import (
	"encoding/base64"
	"fmt"
	"testing"
)

func TestExecuteGivesTheSeedsResult(t *testing.T) {
	t.Parallel()
	r := newRig(t, working)
	bot := r.bot(true)
	a := bot.post("/execute", map[string]any{"user_id": 123, "include_data": true, "code": `
    import pandas as pd, sys
    df = pd.DataFrame({'x': [1,2,3]})
    df.to_csv('data.csv', index=False)
    print('Files created!')
    print('beside', file=sys.stderr)
    `}).want(200)
	got := a.object()
	for key, want := range map[string]any{"success": true, "output": "Files created!\n", "error": "", "return_code": 0.0, "ending": "ok", "stderr": "beside\n"} {
		if got[key] != want {
			t.Errorf("%s is %v, not %v", key, got[key], want)
		}
	}
	files := got["generated_files"].([]any)
	if len(files) != 1 {
		t.Fatal(a.body)
	}
	made := files[0].(map[string]any)
	data, err := base64.StdEncoding.DecodeString(made["data"].(string))
	if err != nil || string(data) != "x\n1\n2\n3\n" || made["filename"] != "data.csv" || made["type"] != "data" || made["size"] != 8.0 {
		t.Errorf("%v %q %v", made, data, err)
	}
	a = bot.post("/execute", map[string]any{"user_id": "123", "code": fmt.Sprintf("print(load_file(%q).x.sum(), input('? '))", made["file_id"]),
		"user_files": got["generated_file_ids"], "stdin": "yes\nno"}).want(200)
	if out := a.object()["output"]; out != "? 6 yes\n" {
		t.Errorf("the second run said %q", out)
	}
}
