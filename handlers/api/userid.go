package api

import (
	"bytes"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"mayfly/models"
)

// userID is a Discord id in a body: a string, or a number of at most 20 digits,
// none of which is lost (SEC-26).
type userID string

const userIDPattern = "^[1-9][0-9]{0,19}$"

// UnmarshalJSON reads the digits as they were sent.
func (u *userID) UnmarshalJSON(text []byte) error {
	id, err := models.ParseUserID(strings.Trim(string(bytes.TrimSpace(text)), `"`))
	*u = userID(id)
	return err
}

// Schema says both forms.
func (userID) Schema(huma.Registry) *huma.Schema {
	least, most := 1.0, 99999999999999983616.0 // the greatest of 20 digits that JSON readers with doubles keep
	s := &huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeString, Pattern: userIDPattern, Examples: []any{"123456789012345678"}},
		{Type: huma.TypeInteger, Minimum: &least, Maximum: &most, Nullable: true},
	}}
	for _, form := range s.OneOf {
		form.PrecomputeMessages()
	}
	return s
}

// named is the person whom a body names, "" for nobody.
func named(u *userID) models.UserID {
	if u == nil {
		return ""
	}
	return models.UserID(*u)
}

// ForUser is the part of an input that names the subject in the address. It is
// exported because huma passes over fields that are not.
type ForUser struct {
	UserID string `query:"user_id" pattern:"^[1-9][0-9]{0,19}$" doc:"The Discord user whom the call is for. An app names one; a personal token may leave it out."`
}

func (u *ForUser) subject() models.UserID { return models.UserID(u.UserID) }
