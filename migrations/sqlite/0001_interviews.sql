-- Interviews: the session, what was said, the turns taken, what happened beside. Times are Unix milliseconds.

CREATE TABLE interview_session (
    id         TEXT    NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    owner      TEXT,                        -- the browser it belongs to; none for one made through the engine API
    candidate  TEXT    NOT NULL,            -- who the person is, for the repeat guard across sessions
    version    INTEGER NOT NULL CHECK (version >= 1),
    status     TEXT    NOT NULL CHECK (status IN ('ready', 'active', 'paused', 'completed')),
    end_reason TEXT    CHECK (end_reason IN ('finished', 'asked', 'abandoned')),
    deadline   INTEGER,                     -- when to wake it, if nothing happens before
    -- What lists show, so that a list reads no state.
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    seniority  TEXT    NOT NULL,
    plan       TEXT    NOT NULL,
    stage      INTEGER NOT NULL CHECK (stage >= 1),
    stages     INTEGER NOT NULL CHECK (stages >= 1),
    spoken     INTEGER NOT NULL CHECK (spoken IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    ended_at   INTEGER,
    state      TEXT    NOT NULL,            -- the rules' state, as JSON
    CHECK ((status = 'completed') = (end_reason IS NOT NULL))
) STRICT;

CREATE INDEX interview_session_owner ON interview_session (owner, created_at) WHERE owner IS NOT NULL;
CREATE INDEX interview_session_candidate ON interview_session (candidate, created_at);
CREATE INDEX interview_session_deadline ON interview_session (deadline, id) WHERE deadline IS NOT NULL;

CREATE TABLE interview_message (
    session_id TEXT    NOT NULL REFERENCES interview_session (id) ON DELETE CASCADE,
    seq        INTEGER NOT NULL CHECK (seq >= 1),
    version    INTEGER NOT NULL,            -- of the session, when this was last changed
    speaker    TEXT    NOT NULL CHECK (speaker IN ('interviewer', 'candidate')),
    stage      TEXT    NOT NULL,
    modality   TEXT    NOT NULL CHECK (modality IN ('text', 'voice')),
    text       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    turn       TEXT    NOT NULL,
    source     TEXT    CHECK (source IN ('bank', 'model', 'fallback')),
    why        TEXT,                        -- JSON
    cut        INTEGER NOT NULL CHECK (cut IN (0, 1)),
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE interview_turn (
    n          INTEGER PRIMARY KEY,         -- the order in which they were taken
    session_id TEXT    NOT NULL REFERENCES interview_session (id) ON DELETE CASCADE,
    turn       TEXT    NOT NULL,
    digest     TEXT    NOT NULL,
    reply      INTEGER CHECK (reply >= 0),  -- the number of the reply's message; none while it is being written
    answer     TEXT,                        -- the answer given, as JSON
    UNIQUE (session_id, turn)
) STRICT;

CREATE TABLE interview_event (
    n          INTEGER PRIMARY KEY,         -- the order in which they happened
    session_id TEXT    NOT NULL REFERENCES interview_session (id) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    data       TEXT    NOT NULL             -- JSON; never words of the transcript
) STRICT;

CREATE INDEX interview_event_session ON interview_event (session_id, n);
