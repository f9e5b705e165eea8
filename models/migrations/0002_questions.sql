-- +goose Up
-- What a running run asks by input(). The row goes with the answer's delivery,
-- so that no answer outlives its use.
CREATE TABLE questions (
    run_id      text PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    number      integer NOT NULL CHECK (number > 0),
    prompt      text NOT NULL,
    secret      boolean NOT NULL,
    asked_at    timestamptz NOT NULL DEFAULT now(),
    until       timestamptz NOT NULL,
    answer      text,
    answered_at timestamptz,
    CHECK (answer IS NULL OR answered_at IS NOT NULL)
);

-- Nanoseconds in which the run's clock stood still because it waited for input.
ALTER TABLE runs ADD COLUMN paused bigint NOT NULL DEFAULT 0;
