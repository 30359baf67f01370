-- Ended interviews by their end: what `keep_days` deletes is found without reading all of them.

CREATE INDEX interview_session_ended ON interview_session (ended_at, id) WHERE ended_at IS NOT NULL;
