-- +goose Up
-- A display that was named may change later: an output that replaces another is
-- what is shown in its place. clear_output() takes back what was said before.
ALTER TABLE outputs
    ADD COLUMN replaces integer NOT NULL DEFAULT 0 CHECK (replaces >= 0 AND replaces < seq),
    DROP CONSTRAINT outputs_stream_check,
    ADD CONSTRAINT outputs_stream_check CHECK (stream IN ('stdout', 'stderr', 'display', 'failure', 'note', 'clear'));
