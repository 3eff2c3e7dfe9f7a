// Generated from the server's rules: `UPDATE=1 cargo test types`. Do not edit.
/** The most characters of a text, as a reader counts them. */
export const HANDLE = 30;
export const DISPLAY_NAME = 60;
export const TITLE = 160;
export const COMMENT = 4000;
export const CARD_BODY = 1200;
export const CARD_FIELD = 400;
export const NOTE = 600;
export const FACTS = 1000;
export const CONTACT = 200;
export const RULE_WHY = 200;
export const LINK_LABEL = 60;
