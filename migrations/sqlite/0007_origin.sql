-- What an interview came from, if it came from another: one question of it that was answered again (a take), or one of its
-- lines, from which it goes on differently (a fork). The parent may be deleted, and its children stay whole: no foreign key.
-- Expands only: earlier versions of the program leave the columns empty.
ALTER TABLE interview_session ADD COLUMN origin      TEXT CHECK (origin IN ('take', 'fork'));
ALTER TABLE interview_session ADD COLUMN parent      TEXT CHECK (length(parent) = 36 AND (origin IS NULL) = (parent IS NULL));
ALTER TABLE interview_session ADD COLUMN parent_seq  INTEGER CHECK (parent_seq >= 1);      -- the number of a message there
ALTER TABLE interview_session ADD COLUMN parent_turn TEXT;                                 -- and its turn
ALTER TABLE interview_session ADD COLUMN take        INTEGER CHECK (take >= 1);            -- which take or fork it is

CREATE INDEX interview_session_parent ON interview_session (parent, created_at) WHERE parent IS NOT NULL;
