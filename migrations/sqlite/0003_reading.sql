-- What was understood of an answer, so that a replay or a report needs no model. Expands only: earlier versions of the
-- program leave the column empty.
ALTER TABLE interview_message ADD COLUMN reading TEXT;   -- JSON; only answers that a model read have it
