"""Every name that Slack sends back to us. `manifest.yml`, the views and the listeners are held together by these."""

from enum import StrEnum


class Command(StrEnum):
    """Slash commands."""

    PAYLINK = "/paylink"


class Word(StrEnum):
    """The first word after the command."""

    LIST = "list"
    PRODUCTS = "products"
    SHOW = "show"
    EDIT = "edit"
    ON = "on"
    OFF = "off"
    SHARE = "share"
    QR = "qr"
    NOTIFY = "notify"
    DUPLICATE = "duplicate"
    NEW = "new"
    TEMPLATES = "templates"
    HELP = "help"
    COUPONS = "coupons"


class Shortcut(StrEnum):
    """Callback ids of the global and the message shortcut."""

    NEW_LINK = "new_link"
    NEW_LINK_FROM_MESSAGE = "new_link_from_message"


class Event(StrEnum):
    """Events we subscribe to."""

    APP_HOME_OPENED = "app_home_opened"
    MEMBER_JOINED_CHANNEL = "member_joined_channel"


class Scope(StrEnum):
    """What the app may do: the bot scopes it asks for."""

    CHANNELS_HISTORY = "channels:history"
    CHANNELS_READ = "channels:read"
    CHAT_WRITE = "chat:write"
    COMMANDS = "commands"
    FILES_WRITE = "files:write"
    GROUPS_HISTORY = "groups:history"
    GROUPS_READ = "groups:read"
    IM_HISTORY = "im:history"
    IM_READ = "im:read"
    IM_WRITE = "im:write"
    MPIM_HISTORY = "mpim:history"
    MPIM_READ = "mpim:read"
    USERS_READ = "users:read"


class View(StrEnum):
    """Callback ids of views."""

    EDITOR = "editor"
    ITEM = "item"
    OPTION = "option"
    SHIPPING_RATE = "shipping_rate"
    UNFINISHED = "unfinished"
    LINKS = "links"
    SHARE = "share"
    SHARED = "shared"
    COUPONS = "coupons"
    COUPON = "coupon"
    NEW_COUPON = "new_coupon"
    NEW_CODE = "new_code"
    CONFLICT = "conflict"
    REPLACE = "replace"
    TEMPLATE = "template"
    TEMPLATES = "templates"
    NOTICE = "notice"
    NOTICES = "notices"
    HOME = "home"
    PRODUCTS = "products"
    PRODUCT = "product"
    PRODUCT_FORM = "product_form"
    PRICE_FORM = "price_form"
    PRICE_EDIT = "price_edit"


class Action(StrEnum):
    """Action ids of what can be pressed or picked."""

    NEW_LINK = "new_link"
    NAME = "name"
    CHANNEL = "channel"
    ADD_ITEM = "add_item"
    ITEM_MENU = "item_menu"
    ADD_OPTION = "add_option"
    OPTION_MENU = "option_menu"
    REMOVE_OPTION = "remove_option"

    ITEM_KIND = "item_kind"
    ITEM_PRICE = "item_price"
    ITEM_NAME = "item_name"
    ITEM_DESCRIPTION = "item_description"
    ITEM_AMOUNT = "item_amount"
    ITEM_CURRENCY = "item_currency"
    ITEM_BILLING = "item_billing"
    ITEM_INTERVAL = "item_interval"
    ITEM_INTERVAL_COUNT = "item_interval_count"
    ITEM_TAX = "item_tax"
    ITEM_TAX_CODE = "item_tax_code"
    ITEM_QUANTITY = "item_quantity"
    ITEM_ADJUSTABLE = "item_adjustable"
    ITEM_MINIMUM = "item_minimum"
    ITEM_MAXIMUM = "item_maximum"

    FIELD = "field"
    DECIDING_FIELD = "deciding_field"
    FIELD_CURRENCY = "field_currency"
    FIELD_PRICE = "field_price"
    FIELD_RATES = "field_rates"
    NEW_RATE = "new_rate"
    BACK_TO_RATES = "back_to_rates"
    FIELD_PRODUCTS = "field_products"
    FIELD_PROMOTION_CODE = "field_promotion_code"

    CONTINUE_DRAFT = "continue_draft"
    START_NEW = "start_new"
    DISCARD_DRAFT = "discard_draft"
    OPEN_EDITOR = "open_editor"
    GO_ON = "go_on"

    BACK_TO_EDITOR = "back_to_editor"
    CONFLICT_CHOICE = "conflict_choice"

    SAVE_TEMPLATE = "save_template"
    TEMPLATE_NAME = "template_name"
    ALL_TEMPLATES = "all_templates"
    USE_TEMPLATE = "use_template"
    RENAME_TEMPLATE = "rename_template"
    DELETE_TEMPLATE = "delete_template"

    OPEN_LINK = "open_link"
    VIEW_IN_STRIPE = "view_in_stripe"
    SHARE_LINK = "share_link"
    EDIT_LINK = "edit_link"
    TURN_OFF = "turn_off"
    TURN_ON = "turn_on"
    QR_CODE = "qr_code"
    RECEIPT = "receipt"
    INVOICE = "invoice"
    INVOICE_PDF = "invoice_pdf"
    NOTICES = "notices"
    NOTICE_KINDS = "notice_kinds"
    NOTICE_BROADCAST = "notice_broadcast"
    LINK_MENU = "link_menu"
    ALL_LINKS = "all_links"
    OPEN_SUCCESSOR = "open_successor"

    LINKS_FILTER = "links_filter"
    LINKS_SEARCH = "links_search"
    LINKS_OLDER = "links_older"
    LINKS_NEWEST = "links_newest"

    SHARE_CHANNEL = "share_channel"
    SHARE_NOTE = "share_note"
    SHARED_QR_CODE = "shared_qr_code"

    ALL_COUPONS = "all_coupons"
    COUPONS_SEARCH = "coupons_search"
    COUPONS_OLDER = "coupons_older"
    COUPONS_NEWEST = "coupons_newest"
    NEW_COUPON = "new_coupon"
    OPEN_COUPON = "open_coupon"
    DELETE_COUPON = "delete_coupon"
    NEW_CODE = "new_code"
    CODE_ON = "code_on"
    CODE_OFF = "code_off"
    ALL_PRODUCTS = "all_products"
    PRODUCTS_FILTER = "products_filter"
    PRODUCTS_SEARCH = "products_search"
    PRODUCTS_MORE = "products_more"
    PRODUCTS_FIRST = "products_first"
    BACK_TO_PRODUCTS = "back_to_products"
    NEW_PRODUCT = "new_product"
    OPEN_PRODUCT = "open_product"
    EDIT_PRODUCT = "edit_product"
    ARCHIVE_PRODUCT = "archive_product"
    RESTORE_PRODUCT = "restore_product"
    NEW_PRICE = "new_price"
    PRICE_MENU = "price_menu"
    PRICES_MORE = "prices_more"


class Block(StrEnum):
    """Block ids, or what they begin with before a colon: see `block_id`."""

    NAME = "name"
    CHANNEL = "channel"
    ITEM = "item"
    ADD_ITEM = "add_item"
    OPTION = "option"
    ADD_OPTION = "add_option"
    FIELD = "field"
    LINK = "link"
    CARD = "card"
    LINKS_FILTER = "links_filter"
    LINKS_SEARCH = "links_search"
    LINKS_PAGES = "links_pages"
    SHARE_CHANNEL = "share_channel"
    SHARE_NOTE = "share_note"
    COUPON = "coupon"
    CODE = "code"
    COUPONS_SEARCH = "coupons_search"
    COUPONS_PAGES = "coupons_pages"
    NOTICE_KINDS = "notice_kinds"
    NOTICE_BROADCAST = "notice_broadcast"
    PRODUCTS_FILTER = "products_filter"
    PRODUCTS_SEARCH = "products_search"
    PRODUCT = "product"
    PRICE = "price"
    CONFLICT = "conflict"
    TEMPLATE = "template"
    TEMPLATE_NAME = "template_name"


class Menu(StrEnum):
    """What a row's overflow menu offers; stands in the option's value, before the row's id."""

    EDIT = "edit"
    DUPLICATE = "duplicate"
    REMOVE = "remove"
    SHARE = "share"
    TURN_OFF = "turn_off"
    TURN_ON = "turn_on"
    QR_CODE = "qr_code"
    USE = "use"
    ARCHIVE = "archive"
    RESTORE = "restore"
    SAVE_TEMPLATE = "save_template"


def block_id(block: Block, key: str) -> str:
    """The id of one row's block. Slack keeps what was typed into a block for as long as its id stays."""
    return f"{block}:{key}"


def menu_value(menu: Menu, key: str) -> str:
    """The value of an overflow menu's option."""
    return f"{menu}:{key}"


def read_menu(value: str) -> tuple[Menu, str]:
    """The inverse of `menu_value`."""
    menu, _, key = value.partition(":")
    return Menu(menu), key
