-- +goose Up
-- A display that is what the last expression gave is a cell's value; and what its
-- owner says that a figure shows.
ALTER TABLE outputs
    ADD COLUMN value boolean NOT NULL DEFAULT false,
    ADD COLUMN description text NOT NULL DEFAULT '' CHECK (length(description) <= 1000);

-- Runs of a notebook are counted by kernel. What a run that is over has said
-- changes when a later one updates its display, or when a figure is described.
ALTER TABLE kernels ADD COLUMN runs integer NOT NULL DEFAULT 0;
ALTER TABLE runs
    ADD COLUMN count integer NOT NULL DEFAULT 0 CHECK (count >= 0),
    ADD COLUMN changes integer NOT NULL DEFAULT 0 CHECK (changes >= 0);
