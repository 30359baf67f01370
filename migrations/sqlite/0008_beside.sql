-- What stands beside an interview: the name that its person gives it, the links by which others read it, and what those
-- write in its margin. Expands only: earlier versions of the program make none of it and read none of it.

CREATE TABLE interview_label (
    session_id TEXT    NOT NULL PRIMARY KEY REFERENCES interview_session (id) ON DELETE CASCADE,
    label      TEXT    NOT NULL CHECK (length(label) BETWEEN 1 AND 80),
    sum        INTEGER   -- as in every table
) STRICT, WITHOUT ROWID;

CREATE TABLE interview_link (
    session_id TEXT    NOT NULL REFERENCES interview_session (id) ON DELETE CASCADE,
    digest     TEXT    NOT NULL PRIMARY KEY CHECK (length(digest) = 64),   -- of the secret, which is kept nowhere
    made_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    name       INTEGER NOT NULL CHECK (name IN (0, 1)),     -- whether it shows the name
    papers     INTEGER NOT NULL CHECK (papers IN (0, 1)),   -- whether it shows the CV, the posting and contact details
    sum        INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX interview_link_session ON interview_link (session_id, made_at);

CREATE TABLE interview_comment (
    session_id TEXT    NOT NULL REFERENCES interview_session (id) ON DELETE CASCADE,
    id         TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),   -- made by whoever sends it: sent twice, it is kept once
    line       INTEGER NOT NULL CHECK (line >= 0),   -- the number of the message; 0: on the whole interview
    author     TEXT    NOT NULL CHECK (length(author) <= 80),
    text       TEXT    NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    at         INTEGER NOT NULL,
    sum        INTEGER,
    PRIMARY KEY (session_id, id)
) STRICT, WITHOUT ROWID;
