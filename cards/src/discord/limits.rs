//! What Discord accepts.

/// <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
pub(crate) const TITLE: usize = 256;

/// <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
pub(crate) const DESCRIPTION: usize = 4_096;

/// <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
pub(crate) const FIELDS: usize = 25;

/// <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
pub(crate) const FIELD_NAME: usize = 256;

/// <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
pub(crate) const FIELD_VALUE: usize = 1_024;

/// A footer is read at a glance; Discord itself would take 2,048 characters.
/// <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
pub(crate) const FOOTER: usize = 400;

/// Of titles, descriptions, fields and footers of all embeds together.
/// <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
pub(crate) const TOTAL: usize = 6_000;

/// <https://docs.discord.com/developers/resources/message#create-message>
pub(crate) const EMBEDS: usize = 10;

/// <https://docs.discord.com/developers/components/reference#action-row>
pub(crate) const ROWS: usize = 5;

/// <https://docs.discord.com/developers/components/reference#action-row>
pub(crate) const ROW_BUTTONS: usize = 5;

/// <https://docs.discord.com/developers/components/reference#button>
pub(crate) const LABEL: usize = 80;

/// <https://docs.discord.com/developers/components/reference#anatomy-of-a-component>
pub(crate) const CUSTOM_ID: usize = 100;

/// <https://docs.discord.com/developers/components/reference#button>
pub(crate) const BUTTON_URL: usize = 512;

/// <https://docs.discord.com/developers/resources/message#embed-object>
pub(crate) const URL: usize = 2_048;

/// <https://docs.discord.com/developers/resources/message#allowed-mentions-object>
pub(crate) const MENTIONS: usize = 100;
