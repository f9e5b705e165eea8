package models

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// Permit decides whether a token may do something of a kind for somebody, and
// returns whom it acts for: the owner of everything that the caller touches from
// then on. It is the only place that decides so, on every route (SEC-23). asked
// is the person named in the call; a personal token needs none.
//
// missing_scope, not_linked and app_blocked say which rule refuses; forbidden is
// a personal token that names somebody else; invalid is an app's that names
// nobody.
func (s *Store) Permit(ctx context.Context, t *Token, scope Scope, asked UserID) (UserID, error) {
	owner, link, err := permit(s.db.WithContext(ctx), t, scope, asked)
	if err == nil && link != nil {
		err = s.noteAct(ctx, *link)
	}
	return owner, failed("permit", err)
}

// May is the part of Permit that asks for the scope alone: all there is to ask for
// a call that is for nobody.
func (t *Token) May(scope Scope) error {
	if t.Scopes.Has(scope) {
		return nil
	}
	return &Error{Code: MissingScope, Message: fmt.Sprintf("This token may not do that: it lacks the scope %s.", scope)}
}

// permit is Permit without its traces: on the pool, or within a transaction.
func permit(db *gorm.DB, t *Token, scope Scope, asked UserID) (UserID, *AppLink, error) {
	if err := t.May(scope); err != nil {
		return "", nil, err
	}
	switch {
	case t.UserID != nil && (asked == "" || asked == *t.UserID):
		return *t.UserID, nil, nil
	case t.UserID != nil:
		return "", nil, &Error{Code: Forbidden, Message: "A personal token acts for its owner only. Leave user_id out, or use the token of an app."}
	case asked == "":
		return "", nil, Invalid("An app says whom it acts for: user_id is missing.")
	}
	link, err := linkOf(db, *t.AppID, asked)
	switch {
	case err != nil:
		return "", nil, err
	case link.BlockedAt != nil:
		return "", nil, &Error{Code: AppBlocked, Message: "That person has blocked this app."}
	case !link.Acts():
		return "", nil, &Error{Code: NotLinked, Message: "That person has not linked this app. They can at /apps/" + string(*t.AppID) + "."}
	}
	return asked, link, nil
}

// linkOf reads what a person decided about an app, also when that is nothing.
func linkOf(db *gorm.DB, app AppID, user UserID) (*AppLink, error) {
	var link AppLink
	err := db.Raw(`SELECT apps.id AS app_id, apps.name, apps.everyone, linked_at, blocked_at, acted_at, now() AS read_at
		FROM apps LEFT JOIN app_links ON app_links.app_id = apps.id AND app_links.user_id = ?
		WHERE apps.id = ?`, user, app).Take(&link).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("app")
	}
	link.UserID = user
	return &link, err
}

// noteAct writes down that an app acts for a person who is known, at most once a
// minute.
func (s *Store) noteAct(ctx context.Context, link AppLink) error {
	if link.ActedAt != nil && link.ReadAt.Sub(*link.ActedAt) < touchEvery {
		return nil
	}
	return acted(s.db.WithContext(ctx), link.AppID, link.UserID)
}

func acted(db *gorm.DB, app AppID, user UserID) error {
	return db.Exec(`INSERT INTO app_links (app_id, user_id, acted_at) SELECT ?, id, now() FROM users WHERE id = ?
		ON CONFLICT (app_id, user_id) DO UPDATE SET acted_at = now()`, app, user).Error
}

// actFor asks again within the transaction that acts, with the owner locked: a
// block that came meanwhile counts. Somebody whom nobody knew yet gets their
// account here, the same that they find at their first sign-in.
func (tx *tx) actFor(by *Token, scope Scope, owner UserID) error {
	if by == nil {
		return nil
	}
	if _, err := ParseUserID(string(owner)); err != nil {
		return err
	}
	if _, _, err := permit(tx.db, by, scope, owner); err != nil {
		return err
	}
	if by.AppID == nil {
		return nil
	}
	if err := tx.db.Exec("INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT DO NOTHING", owner, owner).Error; err != nil {
		return err
	}
	return acted(tx.db, *by.AppID, owner)
}

// mayChange is actFor a file, for verbs that nothing asks again after. It asks for
// the token, too: one that was revoked while a body arrived changes nothing.
func (tx *tx) mayChange(by *Token, owner UserID) error {
	if by == nil {
		return nil
	}
	if err := holds(tx.db, by.ID); err != nil {
		return err
	}
	return tx.actFor(by, ScopeFilesWrite, owner)
}

// audit adds lines to the trail.
func (tx *tx) audit(lines ...Audit) error {
	if len(lines) == 0 {
		return nil
	}
	return tx.db.Omit("ID", "At").Create(&lines).Error
}

// act is a line of the trail for what somebody does: the owner, or a program for
// them.
func act(by *Token, action string, owner UserID) Audit {
	line := Audit{Actor: "user:" + string(owner), Action: action, UserID: owner}
	if by != nil {
		line.Actor, line.TokenID = by.Actor(), by.ID
	}
	if by != nil && by.AppID != nil {
		line.AppID = *by.AppID
	}
	return line
}

// auditApp is audit for what an app does; most of what people do for themselves
// is no matter of the trail.
func (tx *tx) auditApp(line Audit) error {
	if line.AppID == "" {
		return nil
	}
	return tx.audit(line)
}

// auditFiles is audit for what is done to each of the files, whoever does it.
func (tx *tx) auditFiles(by *Token, action string, owner UserID, files []File) error {
	lines := make([]Audit, len(files))
	for i, f := range files {
		lines[i] = act(by, action, owner)
		lines[i].FileID = f.ID
	}
	return tx.audit(lines...)
}
