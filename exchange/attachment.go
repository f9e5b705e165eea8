package exchange

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"mayfly/models"
)

// Attachment is a picture that a cell's text brought along under a name, and its
// media type: of pixels, since a drawing could hold script. "" when there is none.
func Attachment(i *models.Import, name string) (media string, picture []byte) {
	var bundle map[string]json.RawMessage
	if json.Unmarshal(factsOf(i).Attachments[name], &bundle) != nil {
		return "", nil
	}
	for _, media := range []string{"image/png", "image/jpeg", "image/gif", "image/webp"} {
		var text string
		if json.Unmarshal(bundle[media], &text) != nil {
			text, _ = joined(bundle[media], "") // of the lines that are texts
		}
		if picture, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil && len(picture) > 0 {
			return media, picture
		}
	}
	return "", nil
}
