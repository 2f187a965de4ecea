//! Tests of the URL of a Redis: spellings, faults, and no password in words.

use super::*;

const MARKER: &str = "mArKeR";

fn parsed(text: &str) -> RedisUrl {
    RedisUrl::parse(text).expect(text)
}

#[test]
fn a_url_has_host_port_database_and_tls() {
    for (text, shown) in [
        ("redis://h", "redis://h:6379/0"),
        ("REDIS://h/", "redis://h:6379/0"),
        ("rediss://h.test:1/0", "rediss://h.test:1/0"),
        ("redis://10.0.0.1:65535/15", "redis://10.0.0.1:65535/15"),
        ("redis://[::1]", "redis://[::1]:6379/0"),
        ("rediss://[fd00::2]:7000/3", "rediss://[fd00::2]:7000/3"),
        ("redis://@h", "redis://h:6379/0"),
        ("redis://:@h", "redis://h:6379/0"),
        ("redis://:x@h", "redis://[redacted]@h:6379/0"),
        (
            "redis://my_redis-0.ns.svc",
            "redis://my_redis-0.ns.svc:6379/0",
        ),
    ] {
        assert_eq!(parsed(text).to_string(), shown, "{text}");
    }
}

#[test]
fn user_and_password_are_percent_decoded() {
    for (text, user, password) in [
        ("redis://:pw@h", None, "pw"),
        ("redis://me:pw@h:1/2", Some("me"), "pw"),
        ("redis://:p%40s%2Fs%3F%23%25%3a@h", None, "p@s/s?#%:"),
        ("redis://m%3Ae:%C3%BC@h", Some("m:e"), "ü"),
        ("redis://:a:b@c/d?e#f100%@h", None, "a:b@c/d?e#f100%"),
    ] {
        let url = parsed(text);
        let given = url.password.as_ref().map(Password::expose);
        assert_eq!(
            (url.user.as_deref(), given),
            (user, Some(password)),
            "{text}"
        );
        assert_eq!(url.host, "h");
    }
}

#[test]
fn what_is_not_a_url_has_its_own_reason_and_remedy() {
    use RedisUrlError::*;
    for (text, why) in [
        ("h:6379", Scheme),
        ("http://h", Scheme),
        ("redis:h", Scheme),
        ("redis://", NoHost),
        ("redis://:pw@", NoHost),
        ("redis://:pw@:6379", NoHost),
        ("redis://::1", BadHost),
        ("redis://[::1", BadHost),
        ("redis://[::1]x", BadHost),
        ("redis://[h]", BadHost),
        ("redis://h h", BadHost),
        ("redis://h:", BadPort),
        ("redis://h:0", BadPort),
        ("redis://h:+1", BadPort),
        ("redis://h:70000", BadPort),
        ("redis://user:pw", BadPort),
        ("redis://h/x", BadDatabase),
        ("redis://h/-1", BadDatabase),
        ("redis://h/0/1", BadDatabase),
        ("redis://h/99999999999", BadDatabase),
        ("redis://h/0?db=1", MoreThanDatabase),
        ("rediss://h#insecure", MoreThanDatabase),
        ("redis://:p w@h", BadEncoding),
        ("redis://:%ff@h", BadEncoding),
        ("redis://pw@h", UserOrPassword),
        ("redis://me:@h", EmptyPassword),
    ] {
        assert_eq!(RedisUrl::parse(text).err(), Some(why), "{text}");
        assert!(!why.remedy().is_empty());
    }
}

#[test]
fn nothing_printed_has_the_password() {
    for text in [
        format!("redis://:{MARKER}@h"),
        format!("redis://{MARKER}:{MARKER}@h:1/2"),
    ] {
        let url = parsed(&text);
        assert!(!format!("{url} {url:?} {:?}", url.password).contains(MARKER));
    }
    for text in [
        format!("redis://{MARKER}@h"),
        format!("redis://:{MARKER}@h:x"),
        format!("redis://h:{MARKER}"),
        format!("redis://:{MARKER}%ff@h"),
        format!("redis://:{MARKER}@"),
    ] {
        let why = RedisUrl::parse(&text).expect_err(&text);
        assert!(!format!("{why} {why:?} {}", why.remedy()).contains(MARKER));
    }
}
