-- What a person says to the report on an interview: statements they struck, and what was heard before they corrected it.
-- Expands only: earlier versions of the program make none of it and read none of it.

CREATE TABLE interview_strike (
    session_id TEXT    NOT NULL REFERENCES interview_session (id) ON DELETE CASCADE,
    statement  TEXT    NOT NULL CHECK (length(statement) BETWEEN 1 AND 128),   -- the name of the statement
    at         INTEGER NOT NULL,
    sum        INTEGER,   -- as in every table
    PRIMARY KEY (session_id, statement)
) STRICT, WITHOUT ROWID;

ALTER TABLE interview_message ADD COLUMN original TEXT;   -- the words at first, where they were corrected
