"""The table of the naive consumer, apart from its model so that it can be made without Django."""

TABLE = """
CREATE TABLE IF NOT EXISTS bench_naive_message (
    id bigserial PRIMARY KEY, conversation uuid NOT NULL, sender uuid NOT NULL, client_id uuid NOT NULL UNIQUE,
    body text NOT NULL, sent_at timestamptz NOT NULL)
"""
