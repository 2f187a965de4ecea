//! The picture at the top of the README: a real run in a real terminal, as frames
//! of an animation. Where animations are off, the last frame is shown. After a
//! change of what it shows:
//!
//!     ROOMCTL_REWRITE=1 cargo test --test it picture

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anstyle_svg::Term;

use crate::support::{Home, Roomctl, is_installed, is_rewriting};

const FILE: &str = "tests/data/roomctl.svg";

const COLUMNS: u16 = 80;

const MEMBERS: usize = 6000;

/// These members of the list are not in the room.
const ABSENT: [usize; 3] = [17, 2345, 4711];

/// The commands, in order.
const TYPED: &str = r#"
show() { printf '\033[2m$\033[0m %s\n' "$1"; eval "$1"; }
roomctl() { "$program" "$@"; }
show 'roomctl kick --from abusers.csv --reason spam --journal night --yes'
echo
show 'roomctl kick --room lobby --user u17 --reason spam --region singapor'
"#;

/// How long a frame of the bar is shown, and how long the last one, in
/// milliseconds.
const FRAME_MS: usize = 300;
const LAST_MS: usize = 7000;

/// The screens of the run, with their colours.
fn frames() -> Vec<String> {
    let home = Home::new();
    let row = |n: usize| format!("lobby,u{n}\n");
    let list: String = (0..MEMBERS).map(row).collect();
    home.file("abusers.csv", format!("room,user\n{list}"));
    let present = (0..MEMBERS).filter(|n| !ABSENT.contains(n));
    let present: String = present.map(row).collect();
    let present = home.file("present.csv", format!("room,user\n{present}"));
    let script = home.file("typed.sh", format!("program=$1\n{TYPED}"));
    let sandbox = Roomctl::new("sandbox --latency 40ms --fault slow:120ms=9%")
        .args(&format!("--rooms {present} -- /bin/sh {script}"))
        .args(env!("CARGO_BIN_EXE_roomctl"))
        .home(&home);
    let screen = sandbox.on_screen(COLUMNS, false);
    screen.frames_to_the_end(FRAME_MS as u64)
}

/// One picture of all frames.
fn animation(frames: &[String]) -> String {
    let pictures = frames
        .iter()
        .map(|frame| Term::new().render_svg(frame.trim_end()));
    let pictures: Vec<String> = pictures.collect();
    let last = pictures.last().expect("a frame");
    let (head, body) = last.split_once("  </style>\n").expect("a style");
    let background = body
        .lines()
        .find(|line| line.contains("<rect"))
        .expect("a background");
    let mut style = head.to_owned();
    let rules = pictures.iter().flat_map(|picture| picture.lines());
    for rule in rules.filter(|line| line.trim_start().starts_with(".fg-")) {
        if !style.contains(rule) {
            style += rule;
            style += "\n";
        }
    }
    let total = (pictures.len() - 1) * FRAME_MS + LAST_MS;
    style += "    .frame { visibility: hidden; }\n    .last { visibility: visible; }\n";
    let mut groups = String::new();
    for (at, picture) in pictures.iter().enumerate() {
        let percent = |ms: usize| format!("{}.{}%", ms * 100 / total, ms * 1000 / total % 10);
        let (from, to) = (percent(at * FRAME_MS), percent((at + 1) * FRAME_MS));
        let is_last = at + 1 == pictures.len();
        let until = if is_last {
            String::new()
        } else {
            format!(" {to} {{ visibility: hidden }}")
        };
        let class = if is_last {
            "last".into()
        } else {
            format!("f{at}")
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            style,
            "    @keyframes f{at} {{ 0% {{ visibility: hidden }} {from} {{ visibility: visible }}{until} }}\n    \
             @media (prefers-reduced-motion: no-preference) {{ .{class} {{ animation: f{at} {total}ms step-end infinite; }} }}"
        );
        let (_, text) = picture.split_once("  <text").expect("a text");
        let (text, _) = text.split_once("</svg>").expect("an end");
        let _ = writeln!(
            groups,
            "<g class=\"frame {class}\">\n  <text{}\n</g>",
            text.trim_end()
        );
    }
    format!("{style}  </style>\n\n{background}\n\n{groups}</svg>\n")
}

/// The lines of each frame.
fn texts(picture: &str) -> Vec<Vec<String>> {
    let frames = picture.split("<g class=\"frame ").skip(1);
    let without_tags = |row: &str| {
        let parts = row.split('<').filter_map(|part| part.split_once('>'));
        let text: String = parts.map(|(_, text)| text).collect();
        text.replace("&gt;", ">").replace("&lt;", "<")
    };
    let rows = |frame: &str| {
        let rows = frame
            .lines()
            .filter(|row| row.trim_start().starts_with("<tspan x="));
        rows.map(without_tags).collect()
    };
    frames.map(rows).collect()
}

/// A line without what differs from run to run: figures of time, and the histogram.
fn stable(line: &str) -> String {
    let starts = ["requests", "time", "latency", "          p50"];
    match starts.iter().find(|start| line.starts_with(*start)) {
        Some(start) => format!("{start} …"),
        None => line.trim_end().into(),
    }
}

/// The last frame. The order of its results differs from run to run.
fn last(frames: &[Vec<String>]) -> Vec<String> {
    let frame = frames.last().expect("a frame");
    let mut lines: Vec<String> = frame.iter().map(|line| stable(line)).collect();
    let is_result = |line: &String| line.starts_with("lobby ");
    let first = lines.iter().position(is_result).expect("a result");
    let end = first
        + lines[first..]
            .iter()
            .take_while(|line| is_result(line))
            .count();
    lines[first..end].sort_unstable();
    lines
}

/// Whether some frame shows a bar that is neither empty nor full.
fn has_bar(frames: &[Vec<String>]) -> bool {
    let is_bar = |line: &String| {
        line.contains(&format!("/{MEMBERS}")) && line.contains('█') && line.contains('░')
    };
    frames.iter().flatten().any(is_bar)
}

#[test]
fn the_readmes_picture_is_what_a_terminal_shows() {
    if !is_installed("tmux") {
        return;
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let drawn = animation(&frames());
    if is_rewriting() {
        fs::write(&file, &drawn).expect("written");
    }
    let kept = texts(&fs::read_to_string(&file).unwrap_or_default());
    let drawn = texts(&drawn);
    assert_eq!(last(&kept), last(&drawn));
    assert!(has_bar(&kept), "{kept:?}");
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"))
        .expect("the README");
    assert!(
        readme.contains(&format!("]({FILE})")),
        "{FILE} is not shown"
    );
}
