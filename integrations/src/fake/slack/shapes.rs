//! What Slack's blocks and elements are made of, as far as the app may send them.

/// What a field holds.
#[derive(Clone, Copy)]
pub(super) enum Is {
    /// Text of so many characters at most, and one at least.
    Words(usize),
    /// An address of so many characters at most.
    Address(usize),
    /// True or false.
    Flag,
    /// A whole number.
    Number,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these objects.
    One(&'static [&'static str]),
    /// One of these objects, whose text has so many characters at most.
    Short(&'static [&'static str], usize),
    /// Between one and so many of these objects.
    Many(&'static [&'static str], usize),
    /// Between one and so many rows of between one and so many of these objects.
    Rows(&'static [&'static str], usize, usize),
    /// Flags of these names.
    Flags(&'static [&'static str]),
    /// Up to so many objects with the settings of a column.
    Columns(usize),
}

/// A field of an object.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) needed: bool,
    pub(super) is: Is,
}

/// An object.
pub(super) struct Shape {
    pub(super) kind: &'static str,
    pub(super) fields: &'static [Field],
}

/// <https://docs.slack.dev/reference/block-kit/blocks/>
pub(super) const BLOCKS: usize = 50;

/// <https://docs.slack.dev/reference/methods/chat.postMessage/>
pub(super) const TEXT: usize = 40_000;

/// Unpublished; refused from about here on. <https://github.com/slackapi/bolt-js/issues/2509>
pub(super) const MESSAGE: usize = 13_200;

/// Characters of all cells. <https://docs.slack.dev/reference/block-kit/blocks/table-block/>
pub(super) const TABLE_TEXT: usize = 10_000;

/// What may be a block of a message.
pub(super) const OUTERMOST: &[&str] =
    &["header", "section", "context", "actions", "divider", "image", "table", "rich_text"];

const PLAIN: &[&str] = &["plain_text"];
const TEXTS: &[&str] = &["plain_text", "mrkdwn"];
const INLINE: &[&str] = &["text", "link", "user", "channel", "usergroup", "emoji", "date", "broadcast", "color"];
const STYLES: &[&str] = &["bold", "italic", "strike", "code", "underline"];

/// In the documentation's words: <https://docs.slack.dev/reference/block-kit/>
pub(super) const SHAPES: &[Shape] = &[
    Shape { kind: "header", fields: &[need("text", Is::Short(PLAIN, 150)), BLOCK_ID] },
    Shape {
        kind: "section",
        fields: &[
            may("text", Is::Short(TEXTS, 3_000)),
            // That each is shorter than a text elsewhere is looked at apart.
            may("fields", Is::Many(TEXTS, 10)),
            may("accessory", Is::One(&["button", "image"])),
            may("expand", Is::Flag),
            BLOCK_ID,
        ],
    },
    Shape { kind: "context", fields: &[need("elements", Is::Many(&["plain_text", "mrkdwn", "image"], 10)), BLOCK_ID] },
    Shape { kind: "actions", fields: &[need("elements", Is::Many(&["button"], 25)), BLOCK_ID] },
    Shape { kind: "divider", fields: &[BLOCK_ID] },
    Shape {
        kind: "image",
        fields: &[
            need("image_url", Is::Address(3_000)),
            need("alt_text", Is::Words(2_000)),
            may("title", Is::Short(PLAIN, 2_000)),
            BLOCK_ID,
        ],
    },
    Shape {
        kind: "table",
        fields: &[
            need("rows", Is::Rows(&["raw_text", "raw_number", "rich_text"], 100, 20)),
            may("column_settings", Is::Columns(20)),
            BLOCK_ID,
        ],
    },
    Shape {
        kind: "rich_text",
        fields: &[
            need(
                "elements",
                Is::Many(
                    &["rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"],
                    usize::MAX,
                ),
            ),
            BLOCK_ID,
        ],
    },
    Shape { kind: "rich_text_section", fields: &[need("elements", Is::Many(INLINE, usize::MAX))] },
    Shape {
        kind: "rich_text_list",
        fields: &[
            need("elements", Is::Many(&["rich_text_section"], usize::MAX)),
            need("style", Is::Word(&["bullet", "ordered"])),
            may("indent", Is::Number),
            may("offset", Is::Number),
            may("border", Is::Number),
        ],
    },
    Shape {
        kind: "rich_text_preformatted",
        fields: &[need("elements", Is::Many(&["text", "link"], usize::MAX)), may("border", Is::Number)],
    },
    Shape {
        kind: "rich_text_quote",
        fields: &[need("elements", Is::Many(INLINE, usize::MAX)), may("border", Is::Number)],
    },
    Shape { kind: "text", fields: &[need("text", Is::Words(usize::MAX)), STYLE] },
    Shape {
        kind: "link",
        fields: &[need("url", Is::Address(3_000)), may("text", Is::Words(usize::MAX)), may("unsafe", Is::Flag), STYLE],
    },
    Shape { kind: "user", fields: &[need("user_id", Is::Words(32)), STYLE] },
    Shape { kind: "channel", fields: &[need("channel_id", Is::Words(32)), STYLE] },
    Shape { kind: "usergroup", fields: &[need("usergroup_id", Is::Words(32)), STYLE] },
    Shape { kind: "emoji", fields: &[need("name", Is::Words(100)), may("unicode", Is::Words(100)), STYLE] },
    Shape { kind: "broadcast", fields: &[need("range", Is::Word(&["here", "channel", "everyone"])), STYLE] },
    Shape { kind: "color", fields: &[need("value", Is::Words(7)), STYLE] },
    Shape {
        kind: "date",
        fields: &[
            need("timestamp", Is::Number),
            need("format", Is::Words(500)),
            may("url", Is::Address(3_000)),
            may("fallback", Is::Words(500)),
            STYLE,
        ],
    },
    Shape { kind: "plain_text", fields: &[need("text", Is::Words(3_000)), may("emoji", Is::Flag)] },
    Shape { kind: "mrkdwn", fields: &[need("text", Is::Words(3_000)), may("verbatim", Is::Flag)] },
    Shape { kind: "raw_text", fields: &[need("text", Is::Words(usize::MAX))] },
    Shape { kind: "raw_number", fields: &[need("value", Is::Number), may("text", Is::Words(usize::MAX))] },
    Shape {
        kind: "button",
        fields: &[
            need("text", Is::Short(PLAIN, 75)),
            may("action_id", Is::Words(255)),
            may("url", Is::Address(3_000)),
            may("value", Is::Words(2_000)),
            may("style", Is::Word(&["primary", "danger"])),
            may("accessibility_label", Is::Words(75)),
        ],
    },
];

const BLOCK_ID: Field = may("block_id", Is::Words(255));
const STYLE: Field = may("style", Is::Flags(STYLES));

const fn need(name: &'static str, is: Is) -> Field {
    Field { name, needed: true, is }
}

const fn may(name: &'static str, is: Is) -> Field {
    Field { name, needed: false, is }
}
