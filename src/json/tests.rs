//! Checks of lexer and printer together.
