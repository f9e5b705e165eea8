-- +goose Up
-- The token that asked for a run: what waits of a token that has ended does not
-- start.
ALTER TABLE runs ADD COLUMN token_id text REFERENCES tokens ON DELETE SET NULL;
CREATE INDEX runs_of_token ON runs (token_id) WHERE token_id IS NOT NULL;

-- The file that a line of the trail is about.
ALTER TABLE audits ADD COLUMN file_id text NOT NULL DEFAULT '';

-- A page of the newest files reads no more rows than it shows.
CREATE INDEX files_newest ON files (user_id, created_at DESC, id DESC) WHERE state = 'ready';

-- What somebody uses is asked at each file that is kept: these hold the sums'
-- terms alone, and nothing of what is gone.
CREATE INDEX files_counted ON files (user_id, expires_at) INCLUDE (size) WHERE state IN ('ready', 'pending');
DROP INDEX files_of_user;
CREATE INDEX runs_logged ON runs (user_id, expires_at) INCLUDE (log_bytes) WHERE log_bytes > 0;
