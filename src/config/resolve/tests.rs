//! Precedence, groups, and what is said about what cannot be used.
