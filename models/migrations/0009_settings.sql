-- +goose Up
-- How somebody wants the pages. An empty theme is that of their system.
ALTER TABLE users
    ADD COLUMN theme text NOT NULL DEFAULT '' CHECK (theme IN ('', 'light', 'dark')),
    ADD COLUMN shortcuts boolean NOT NULL DEFAULT true;

-- The run that a notebook was opened from: one notebook for each run.
ALTER TABLE notebooks ADD COLUMN from_run text REFERENCES runs ON DELETE SET NULL;
CREATE UNIQUE INDEX notebooks_from_run ON notebooks (from_run) WHERE from_run IS NOT NULL;

-- Bytes whose owner deleted their account. Nothing here says whose they were but
-- the key itself, and the row goes with the bytes.
CREATE TABLE leftovers (
    blob_key   text PRIMARY KEY,
    left_at    timestamptz NOT NULL DEFAULT now(),
    claimed_at timestamptz
);

-- An account goes with all its rows at once, so each of them is found by its owner.
CREATE INDEX kernels_whose ON kernels (user_id);
CREATE INDEX replays_whose ON replays (user_id);

-- A history is searched by app and by notebook.
CREATE INDEX runs_of_user_notebook ON runs (user_id, notebook_id, queued_at DESC, id DESC) WHERE notebook_id IS NOT NULL;
