-- What a model replied when it was asked to judge the stories of an interview: as it came, checked whenever it is shown.
-- Expands only: earlier versions of the program make none of it and read none of it.

CREATE TABLE interview_judged (
    session_id TEXT    NOT NULL REFERENCES interview_session (id) ON DELETE CASCADE,
    judged     TEXT    NOT NULL,   -- JSON: the model, its replies, the tokens
    at         INTEGER NOT NULL,
    sum        INTEGER,   -- as in every table
    PRIMARY KEY (session_id)
) STRICT, WITHOUT ROWID;
