//! What was misheard, mended by sound with the vocabulary of the interview.
