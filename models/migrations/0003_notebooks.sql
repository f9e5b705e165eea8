-- +goose Up
CREATE TABLE notebooks (
    id         text PRIMARY KEY,
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    name       text NOT NULL CHECK (name <> '' AND length(name) <= 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE INDEX notebooks_of_user ON notebooks (user_id, changed_at DESC);
CREATE INDEX notebooks_deleted ON notebooks (deleted_at) WHERE deleted_at IS NOT NULL;

-- Places of the cells that are not deleted are 1 … n without gaps. A deleted one
-- remembers its own.
CREATE TABLE cells (
    id          text PRIMARY KEY,
    notebook_id text NOT NULL REFERENCES notebooks ON DELETE CASCADE,
    place       integer NOT NULL CHECK (place > 0),
    kind        text NOT NULL CHECK (kind IN ('code', 'markdown')),
    text        text NOT NULL CHECK (octet_length(text) <= 1000000),
    digest      text NOT NULL, -- of the text, when it is code that does something
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    changed_at  timestamptz NOT NULL DEFAULT now(),
    deleted_at  timestamptz
);
CREATE INDEX cells_of_notebook ON cells (notebook_id, place);

-- One row for each interpreter that a notebook has or had. The row is the truth:
-- ending it is the act, and the node that holds the interpreter follows.
CREATE TABLE kernels (
    id          text PRIMARY KEY,
    notebook_id text NOT NULL REFERENCES notebooks ON DELETE CASCADE,
    user_id     text NOT NULL REFERENCES users ON DELETE CASCADE,
    node        text NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    used_at     timestamptz NOT NULL DEFAULT now(),
    idle_until  timestamptz, -- null while its first run goes on
    names       text NOT NULL DEFAULT '',
    ended_at    timestamptz,
    why         text NOT NULL DEFAULT '' CHECK (why IN ('', 'idle', 'restarted', 'deleted', 'room', 'evicted', 'stopped', 'lost',
                    'killed', 'out_of_memory', 'timed_out', 'interrupted', 'output_cap')),
    CHECK ((ended_at IS NULL) = (why = ''))
);
CREATE UNIQUE INDEX kernels_alive ON kernels (notebook_id) WHERE ended_at IS NULL;
CREATE INDEX kernels_of_notebook ON kernels (notebook_id, started_at DESC);
CREATE INDEX kernels_of_user ON kernels (user_id) WHERE ended_at IS NULL;
CREATE INDEX kernels_of_node ON kernels (node) WHERE ended_at IS NULL;

-- Who can be given runs by name.
CREATE TABLE nodes (
    name    text PRIMARY KEY,
    beat_at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE runs
    ADD COLUMN notebook_id text REFERENCES notebooks ON DELETE SET NULL,
    ADD COLUMN cell_id text REFERENCES cells ON DELETE SET NULL,
    ADD COLUMN digest text NOT NULL DEFAULT '',
    ADD COLUMN chain text NOT NULL DEFAULT '';
CREATE INDEX runs_of_cell ON runs (cell_id, queued_at DESC, id DESC) WHERE cell_id IS NOT NULL;
CREATE INDEX runs_of_notebook ON runs (notebook_id, state, queued_at) WHERE notebook_id IS NOT NULL;

ALTER TABLE files ADD COLUMN notebook_id text REFERENCES notebooks ON DELETE SET NULL;
CREATE INDEX files_of_notebook ON files (notebook_id, name, version) WHERE notebook_id IS NOT NULL;
