//! What Slack accepts.

/// <https://docs.slack.dev/reference/block-kit/blocks/>
pub(crate) const BLOCKS: usize = 50;

/// Blocks of a view. <https://docs.slack.dev/reference/block-kit/blocks/>
pub(crate) const VIEW_BLOCKS: usize = 100;

/// Of a view's title and of its two buttons. <https://docs.slack.dev/reference/views/modal-views/>
pub(crate) const VIEW_TITLE: usize = 24;

/// <https://docs.slack.dev/reference/block-kit/blocks/input-block/>
pub(crate) const LABEL: usize = 2_000;

/// <https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element/#static_select>
pub(crate) const OPTIONS: usize = 100;

/// Of an option's words, and of what it stands for.
/// <https://docs.slack.dev/reference/block-kit/composition-objects/option-object/>
pub(crate) const OPTION: usize = 75;

/// <https://docs.slack.dev/reference/block-kit/blocks/header-block/>
pub(crate) const HEADER: usize = 150;

/// Rich text has no published limit; a section's is kept.
/// <https://docs.slack.dev/reference/block-kit/blocks/section-block/>
pub(crate) const TEXT: usize = 3_000;

/// <https://docs.slack.dev/reference/block-kit/blocks/context-block/>
pub(crate) const CONTEXT_ELEMENTS: usize = 10;

/// A small line is read at a glance; Slack itself would take [`TEXT`].
pub(crate) const CONTEXT: usize = 300;

/// <https://docs.slack.dev/reference/block-kit/blocks/actions-block/>
pub(crate) const ACTIONS: usize = 25;

/// <https://docs.slack.dev/reference/block-kit/block-elements/button-element/>
pub(crate) const BUTTON_TEXT: usize = 75;

/// <https://docs.slack.dev/reference/block-kit/block-elements/button-element/>
pub(crate) const BUTTON_VALUE: usize = 2_000;

/// <https://docs.slack.dev/reference/block-kit/block-elements/button-element/>
pub(crate) const URL: usize = 3_000;

/// With the row of names. <https://docs.slack.dev/reference/block-kit/blocks/table-block/>
pub(crate) const TABLE_ROWS: usize = 100;

/// <https://docs.slack.dev/reference/block-kit/blocks/table-block/>
pub(crate) const TABLE_COLUMNS: usize = 20;

/// Characters of all cells together. <https://docs.slack.dev/reference/block-kit/blocks/table-block/>
pub(crate) const TABLE_TEXT: usize = 10_000;

/// A cell stays legible; Slack names no limit of its own.
pub(crate) const TABLE_CELL: usize = 300;

/// Recommended; beyond 40,000 Slack truncates. <https://docs.slack.dev/reference/methods/chat.postMessage/>
pub(crate) const FALLBACK: usize = 4_000;

/// Bytes of all blocks as JSON. Slack answers `msg_blocks_too_long` from about 13,200 characters on, unpublished.
/// <https://github.com/slackapi/bolt-js/issues/2509>
pub(crate) const MESSAGE: usize = 12_000;

/// The part of [`MESSAGE`] that buttons may take.
pub(crate) const BUTTONS: usize = 5_000;
