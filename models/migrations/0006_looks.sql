-- +goose Up
-- What a node without it asks of a live kernel, and the answer until it is read.
CREATE TABLE looks (
    id          text PRIMARY KEY,
    kernel_id   text NOT NULL REFERENCES kernels ON DELETE CASCADE,
    ask         text NOT NULL,
    answer      text,
    asked_at    timestamptz NOT NULL DEFAULT now(),
    CHECK (octet_length(ask) <= 4000000 AND octet_length(answer) <= 4000000)
);
CREATE INDEX looks_of_kernel ON looks (kernel_id);
