//! Reasons and names in the plan view.

use super::*;

#[test]
fn a_long_reason_is_cut_between_characters() {
    assert_eq!(cut("spam", 160), "spam");
    let exact = "é".repeat(160);
    assert_eq!(cut(&exact, 160), exact);
    let long = cut(&"用".repeat(81), 160);
    assert_eq!(long, "用".repeat(80) + "… (243 bytes)");
    assert_eq!(cut("spam", usize::MAX), "spam");
}

#[test]
fn a_name_that_would_look_like_several_is_quoted() {
    assert_eq!(quoted("user1"), "user1");
    assert_eq!(quoted("a, b"), "\"a, b\"");
}
