-- +goose Up
CREATE TABLE users (
    id         text PRIMARY KEY CHECK (id ~ '^[1-9][0-9]{0,19}$'),
    name       text NOT NULL CHECK (length(name) <= 64),
    avatar_url text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sessions (
    hash       text PRIMARY KEY CHECK (length(hash) = 64),
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    agent      text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiring ON sessions (expires_at);

CREATE TABLE runs (
    id           text PRIMARY KEY,
    user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
    source       text NOT NULL CHECK (source IN ('web', 'api', 'discord', 'cli')),
    code         text NOT NULL,
    state        text NOT NULL CHECK (state IN ('queued', 'running', 'done')),
    ending       text NOT NULL DEFAULT '' CHECK (ending IN ('', 'ok', 'raised', 'interrupted', 'timed_out',
                     'out_of_memory', 'output_cap', 'killed', 'lost', 'cancelled')),
    return_code  integer NOT NULL DEFAULT 0,
    node         text NOT NULL DEFAULT '',
    exception    text NOT NULL DEFAULT '',
    line         integer NOT NULL DEFAULT 0,
    signal       integer NOT NULL DEFAULT 0,
    wall_limit   bigint NOT NULL,
    memory_limit bigint NOT NULL,
    wall         bigint NOT NULL DEFAULT 0,
    cpu          bigint NOT NULL DEFAULT 0,
    peak_memory  bigint NOT NULL DEFAULT 0,
    output_bytes bigint NOT NULL DEFAULT 0,
    log_bytes    bigint NOT NULL DEFAULT 0,
    form_key     text,
    job_id       bigint,
    interrupt_at timestamptz,
    queued_at    timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz,
    beat_at      timestamptz,
    finished_at  timestamptz,
    expires_at   timestamptz NOT NULL,
    trimmed_at   timestamptz,
    CHECK ((state = 'done') = (ending <> '')),
    CHECK ((state = 'done') = (finished_at IS NOT NULL)),
    UNIQUE (user_id, form_key)
);
CREATE INDEX runs_of_user ON runs (user_id, queued_at DESC, id DESC);
CREATE INDEX runs_waiting ON runs (user_id, queued_at) WHERE state <> 'done';
CREATE INDEX runs_running ON runs (node, beat_at) WHERE state = 'running';
CREATE INDEX runs_expiring ON runs (expires_at) WHERE trimmed_at IS NULL;

CREATE TABLE outputs (
    run_id     text NOT NULL REFERENCES runs ON DELETE CASCADE,
    seq        integer NOT NULL CHECK (seq > 0),
    stream     text NOT NULL CHECK (stream IN ('stdout', 'stderr', 'display', 'failure', 'note')),
    text       text NOT NULL DEFAULT '',
    bundle     jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run_id, seq)
);

CREATE TABLE refusals (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id text NOT NULL REFERENCES runs ON DELETE CASCADE,
    name   text NOT NULL,
    size   bigint NOT NULL,
    reason text NOT NULL
);
CREATE INDEX refusals_run ON refusals (run_id);

CREATE TABLE files (
    id         text PRIMARY KEY,
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    run_id     text REFERENCES runs ON DELETE SET NULL,
    source     text NOT NULL CHECK (source IN ('web', 'api', 'discord', 'cli', 'upload')),
    name       text NOT NULL CHECK (name <> ''),
    version    integer NOT NULL DEFAULT 0,
    size       bigint NOT NULL DEFAULT 0,
    sha256     text NOT NULL DEFAULT '',
    media_type text NOT NULL DEFAULT '',
    category   text NOT NULL,
    state      text NOT NULL CHECK (state IN ('pending', 'ready', 'dead', 'purged', 'missing')),
    blob_key   text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    deleted_at timestamptz,
    claimed_at timestamptz
);
CREATE INDEX files_of_user ON files (user_id, expires_at) WHERE state = 'ready';
CREATE INDEX files_by_name ON files (user_id, name, version);
CREATE INDEX files_of_run ON files (run_id);
CREATE INDEX files_expiring ON files (expires_at) WHERE state = 'ready';
CREATE INDEX files_dead ON files (claimed_at) WHERE state = 'dead';
CREATE INDEX files_pending ON files (created_at) WHERE state = 'pending';

CREATE TABLE run_inputs (
    run_id  text NOT NULL REFERENCES runs ON DELETE CASCADE,
    file_id text NOT NULL,
    name    text NOT NULL,
    version integer NOT NULL,
    given   boolean NOT NULL,
    PRIMARY KEY (run_id, file_id)
);
