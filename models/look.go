package models

import (
	"context"
	"time"
)

// Look is a question to a live kernel while nothing runs in it, from a node that
// does not hold it. What it asks and answers is the runner's to read.
type Look struct {
	ID       string `gorm:"primaryKey"`
	KernelID KernelID
	Ask      string
	Answer   *string // nil until it is there
	AskedAt  time.Time
}

// looksMost bounds the looks at one kernel that wait, and lookTime how long one
// is worth an answer: longer than a whole table takes (sandbox.SheetMax).
const (
	looksMost = 20
	lookTime  = 30 * time.Second
)

// AskKernel puts a look to a kernel of the owner's. gone means that it does not
// live, busy that too many wait.
func (s *Store) AskKernel(ctx context.Context, owner UserID, kernel KernelID, ask string) (*Look, error) {
	var asked *Look
	err := s.inTx(ctx, "ask kernel", func(tx *tx) error {
		var alive bool
		err := tx.db.Raw("SELECT true FROM kernels WHERE id = ? AND user_id = ? AND ended_at IS NULL FOR NO KEY UPDATE", kernel, owner).Scan(&alive).Error
		if err == nil && !alive {
			return Gone("The notebook has no live interpreter. Run a cell first.")
		}
		if err != nil {
			return err
		}
		err = tx.db.Exec("DELETE FROM looks WHERE kernel_id = ? AND asked_at < now() - make_interval(secs => ?)", kernel, lookTime.Seconds()).Error
		if err != nil {
			return err
		}
		err = tx.db.Raw(`INSERT INTO looks (id, kernel_id, ask) SELECT @id, @kernel, @ask WHERE @most > (SELECT count(*) FROM looks WHERE kernel_id = @kernel)
			RETURNING *`, map[string]any{"id": token(), "kernel": kernel, "ask": storable(ask), "most": looksMost}).Scan(&asked).Error
		if err == nil && asked == nil {
			return &Error{Code: Busy, Message: "The interpreter is asked too much at once. Try again."}
		}
		if err != nil {
			return err
		}
		return tx.hint(Hint{Kernel: kernel})
	})
	return asked, err
}

// LookAnswer takes the answer to the owner's look away; nil while there is none.
func (s *Store) LookAnswer(ctx context.Context, owner UserID, id string) (*string, error) {
	var looks []Look
	err := s.db.WithContext(ctx).Raw(`DELETE FROM looks USING kernels WHERE looks.id = ? AND kernels.id = kernel_id AND user_id = ?
		AND answer IS NOT NULL RETURNING looks.*`, id, owner).Scan(&looks).Error
	if err != nil || len(looks) == 0 {
		return nil, failed("read answer", err)
	}
	return looks[0].Answer, nil
}

// OpenLooks returns what waits for an answer of a kernel, the oldest first.
func (y System) OpenLooks(ctx context.Context, kernel KernelID) ([]Look, error) {
	var looks []Look
	err := y.db.WithContext(ctx).Raw(`SELECT * FROM looks WHERE kernel_id = ? AND answer IS NULL AND asked_at > now() - make_interval(secs => ?)
		ORDER BY asked_at, id`, kernel, lookTime.Seconds()).Scan(&looks).Error
	return looks, failed("read looks", err)
}

// AnswerLook writes the answer down for whoever asked.
func (y System) AnswerLook(ctx context.Context, l Look, answer string) error {
	return y.inTx(ctx, "answer look", func(tx *tx) error {
		if err := tx.db.Exec("UPDATE looks SET answer = ? WHERE id = ? AND answer IS NULL", storable(answer), l.ID).Error; err != nil {
			return err
		}
		return tx.hint(Hint{Kernel: l.KernelID})
	})
}
