-- +goose Up
-- What a notebook brought along from a file that Mayfly has no place for: JSON,
-- given back when it is exported. JSON lies in text here and below, because jsonb
-- takes no \u0000 and orders keys anew.
ALTER TABLE notebooks ADD COLUMN facts text NOT NULL DEFAULT '' CHECK (octet_length(facts) <= 65536);

-- And what a cell brought along: such facts, and the outputs that stood in the
-- file, until it is run here.
CREATE TABLE imports (
    cell_id text PRIMARY KEY REFERENCES cells ON DELETE CASCADE,
    facts   text NOT NULL DEFAULT '',
    outputs text NOT NULL DEFAULT '',
    CHECK (octet_length(facts) + octet_length(outputs) <= 40000000) -- JSON: up to six bytes for one
);

-- A link to one notebook or one run, for whoever has it. Its token is stored
-- nowhere.
CREATE TABLE shares (
    id          text PRIMARY KEY CHECK (id ~ '^[a-z2-7]{26}$'),
    hash        text NOT NULL UNIQUE CHECK (length(hash) = 64),
    user_id     text NOT NULL REFERENCES users ON DELETE CASCADE,
    notebook_id text REFERENCES notebooks ON DELETE CASCADE,
    run_id      text REFERENCES runs ON DELETE CASCADE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    CHECK ((notebook_id IS NULL) <> (run_id IS NULL))
);
CREATE INDEX shares_of_user ON shares (user_id, created_at DESC);
CREATE INDEX shares_of_notebook ON shares (notebook_id) WHERE notebook_id IS NOT NULL;
CREATE INDEX shares_of_run ON shares (run_id) WHERE run_id IS NOT NULL;
