-- +goose Up
-- A bot program of somebody's. Its tokens come and go; the app stays, and with
-- it what people decided about it.
CREATE TABLE apps (
    id         text PRIMARY KEY CHECK (id ~ '^[a-z2-7]{26}$'),
    name       text NOT NULL CHECK (name <> '' AND length(name) <= 64),
    everyone   boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE tokens (
    id         text PRIMARY KEY CHECK (id ~ '^[a-z2-7]{26}$'),
    hash       text NOT NULL UNIQUE CHECK (length(hash) = 64),
    name       text NOT NULL CHECK (name <> '' AND length(name) <= 64),
    user_id    text REFERENCES users ON DELETE CASCADE,
    app_id     text REFERENCES apps ON DELETE CASCADE,
    scopes     text NOT NULL CHECK (scopes ~ '^(run|files:read|files:write|admin)( (files:read|files:write|admin))*$'),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    revoked_at timestamptz,
    CHECK ((user_id IS NULL) <> (app_id IS NULL))
);
CREATE INDEX tokens_of_user ON tokens (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX tokens_of_app ON tokens (app_id) WHERE app_id IS NOT NULL;

-- What one person decided about one app, and when it last acted for them.
CREATE TABLE app_links (
    app_id     text NOT NULL REFERENCES apps ON DELETE CASCADE,
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    linked_at  timestamptz,
    blocked_at timestamptz,
    acted_at   timestamptz,
    PRIMARY KEY (app_id, user_id)
);
CREATE INDEX app_links_of_user ON app_links (user_id);

-- The first answer to an idempotency key: the run or the file that it made.
CREATE TABLE replays (
    token_id   text NOT NULL REFERENCES tokens ON DELETE CASCADE,
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    key        text NOT NULL CHECK (key <> '' AND length(key) <= 255),
    hash       text NOT NULL CHECK (length(hash) = 64),
    result     text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (token_id, user_id, key)
);
CREATE INDEX replays_old ON replays (created_at);

-- The app that asked for a run, and the lines that its input() reads.
ALTER TABLE runs ADD COLUMN app_id text REFERENCES apps ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN stdin text NOT NULL DEFAULT '';
CREATE INDEX runs_of_app ON runs (app_id, user_id) WHERE app_id IS NOT NULL;

-- Who did what to whom. The ids are no references: a row outlives what it is
-- about, and nothing that is here changes or goes.
CREATE TABLE audits (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT now(),
    actor    text NOT NULL CHECK (actor ~ '^(user|app|cli):'),
    action   text NOT NULL,
    user_id  text NOT NULL DEFAULT '',
    app_id   text NOT NULL DEFAULT '',
    token_id text NOT NULL DEFAULT '',
    run_id   text NOT NULL DEFAULT ''
);
CREATE INDEX audits_of_user ON audits (user_id, id);

-- +goose StatementBegin
CREATE FUNCTION audits_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only added to';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audits_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audits EXECUTE FUNCTION audits_stay();
