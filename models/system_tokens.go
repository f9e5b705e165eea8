package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// CreateTokenFor makes a personal token for somebody, and their account when
// nobody knew them yet. It is for the operator's command.
func (y System) CreateTokenFor(ctx context.Context, owner UserID, n NewToken) (secret string, made *Token, err error) {
	if _, err := ParseUserID(string(owner)); err != nil {
		return "", nil, err
	}
	if err := n.check(); err != nil {
		return "", nil, err
	}
	err = y.inTx(ctx, "create token", func(tx *tx) error {
		err := tx.db.Exec("INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT DO NOTHING", owner, owner).Error
		if err == nil {
			secret, made, err = tx.insertToken(n, &owner, nil)
		}
		return err
	})
	return secret, made, err
}

// CreateApp makes an app with its first token.
func (y System) CreateApp(ctx context.Context, everyone bool, n NewToken) (secret string, made *Token, err error) {
	if err := n.check(); err != nil {
		return "", nil, err
	}
	err = y.inTx(ctx, "create app", func(tx *tx) error {
		app := App{ID: AppID(token()), Name: n.Name, Everyone: everyone}
		if err := tx.db.Omit("CreatedAt").Create(&app).Error; err != nil {
			return err
		}
		if err := tx.audit(Audit{Actor: n.Actor, Action: "app.create", AppID: app.ID}); err != nil {
			return err
		}
		secret, made, err = tx.insertToken(n, nil, &app.ID)
		return err
	})
	return secret, made, err
}

// CreateAppToken makes another token for an app that there is, so that one can
// take the place of another and nobody has to link the app anew.
func (y System) CreateAppToken(ctx context.Context, app AppID, n NewToken) (secret string, made *Token, err error) {
	if err := n.check(); err != nil {
		return "", nil, err
	}
	if !app.wellFormed() {
		return "", nil, NotFound("app")
	}
	err = y.inTx(ctx, "create token", func(tx *tx) error {
		var found App
		err := tx.db.Where("id = ?", app).Take(&found).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return NotFound("app")
		}
		if err == nil {
			secret, made, err = tx.insertToken(n, nil, &app)
		}
		return err
	})
	return secret, made, err
}

// AllTokens returns every token, those that work first, the newest first.
func (y System) AllTokens(ctx context.Context) ([]Token, error) {
	var tokens []Token
	err := y.db.WithContext(ctx).Raw("SELECT " + tokenRow + `ORDER BY (revoked_at IS NULL AND expires_at > now()) DESC, tokens.created_at DESC`).
		Scan(&tokens).Error
	return tokens, failed("list tokens", err)
}

// RevokeAnyToken ends a token, whoever it belongs to.
func (y System) RevokeAnyToken(ctx context.Context, actor string, id TokenID) error {
	return y.revoke(ctx, actor, id, "true")
}

// Audits returns the lines of the trail that are about somebody or were made by
// them, the newest first.
func (y System) Audits(ctx context.Context, who UserID) ([]Audit, error) {
	var lines []Audit
	err := y.db.WithContext(ctx).Raw("SELECT * FROM audits WHERE user_id = ? OR actor = ? ORDER BY id DESC LIMIT ?",
		who, "user:"+string(who), MaxPage).Scan(&lines).Error
	return lines, failed("read the audit trail", err)
}
