"""The listeners: which request of Slack's goes to which handler. Nothing reaches a handler but through the door."""

from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.gateways.slack import SlackGateway
from bot.services import Services
from bot.slack.ids import Action, Command, Event, Shortcut, View
from bot.slack.listeners import (
    command,
    coupons,
    editor,
    home,
    items,
    links,
    notices,
    options,
    pickers,
    product_forms,
    products,
    sharing,
    shipping,
    starting,
    submitting,
    templates,
)
from bot.slack.listeners.background import Background
from bot.slack.listeners.door import Door, Handler, Listener, Replier
from bot.slack.listeners.lookup import ACTION, COMMAND, EVENT, SHORTCUT, SUBMISSION, SUGGESTION, Lookup
from bot.slack.listeners.visit import Face, FaceSettings, Json, Visit, picked_from

__all__ = ["Background", "FaceSettings", "register"]

SHORTCUTS: Mapping[Shortcut, Handler] = {
    Shortcut.NEW_LINK: starting.new_link_anywhere,
    Shortcut.NEW_LINK_FROM_MESSAGE: starting.new_link_here,
}

REDRAWN: Mapping[View, Handler] = {
    View.OPTION: options.redraw_option,
    View.SHIPPING_RATE: shipping.redraw_rate,
    View.NEW_COUPON: coupons.redraw_form,
    View.NEW_CODE: coupons.redraw_form,
    View.PRICE_FORM: product_forms.redraw_price,
    View.SHARE: sharing.redraw_share,
}
"""The forms in which an answer may bring other questions with it."""


async def redraw_form(visit: Visit) -> None:
    """An answer that brings other questions with it, in whatever form."""
    await picked_from(REDRAWN, visit.view["callback_id"])(visit)


ACTIONS: Mapping[Action, Handler] = {
    Action.NEW_LINK: starting.new_link_anywhere,
    Action.CONTINUE_DRAFT: starting.continue_draft,
    Action.START_NEW: starting.start_new,
    Action.DISCARD_DRAFT: starting.discard_draft,
    Action.OPEN_EDITOR: starting.open_editor,
    Action.GO_ON: starting.go_on,
    Action.ADD_ITEM: editor.add_item,
    Action.ITEM_MENU: editor.item_menu,
    Action.ADD_OPTION: editor.add_option,
    Action.OPTION_MENU: editor.option_menu,
    Action.REMOVE_OPTION: editor.remove_option,
    Action.ITEM_KIND: items.redraw_item,
    Action.ITEM_BILLING: items.redraw_item,
    Action.ITEM_ADJUSTABLE: items.redraw_item,
    Action.DECIDING_FIELD: redraw_form,
    Action.FIELD_CURRENCY: redraw_form,
    Action.SHARE_LINK: sharing.share_link,
    Action.FIELD_PRICE: redraw_form,
    Action.NEW_RATE: shipping.new_rate,
    Action.BACK_TO_RATES: shipping.back_to_rates,
    Action.EDIT_LINK: links.edit_link,
    Action.TURN_OFF: links.turn_off,
    Action.TURN_ON: links.turn_on,
    Action.QR_CODE: sharing.qr_of_card,
    Action.SHARED_QR_CODE: sharing.qr_of_shared,
    Action.NOTICES: notices.notices,
    Action.LINK_MENU: links.link_menu,
    Action.ALL_LINKS: links.all_links,
    Action.LINKS_FILTER: links.redraw_list,
    Action.LINKS_SEARCH: links.redraw_list,
    Action.LINKS_OLDER: links.redraw_list,
    Action.LINKS_NEWEST: links.redraw_list,
    Action.ALL_COUPONS: coupons.all_coupons,
    Action.COUPONS_SEARCH: coupons.redraw_coupons,
    Action.COUPONS_OLDER: coupons.redraw_coupons,
    Action.COUPONS_NEWEST: coupons.redraw_coupons,
    Action.NEW_COUPON: coupons.new_coupon,
    Action.OPEN_COUPON: coupons.open_coupon,
    Action.DELETE_COUPON: coupons.delete_coupon,
    Action.NEW_CODE: coupons.new_code,
    Action.CODE_ON: coupons.turn_code_on,
    Action.CODE_OFF: coupons.turn_code_off,
    Action.ALL_PRODUCTS: products.all_products,
    Action.PRODUCTS_FILTER: products.redraw_products,
    Action.PRODUCTS_SEARCH: products.redraw_products,
    Action.PRODUCTS_MORE: products.redraw_products,
    Action.PRODUCTS_FIRST: products.redraw_products,
    Action.BACK_TO_PRODUCTS: products.back_to_products,
    Action.OPEN_PRODUCT: products.open_product,
    Action.ARCHIVE_PRODUCT: products.turn_product,
    Action.RESTORE_PRODUCT: products.turn_product,
    Action.PRICE_MENU: products.price_menu,
    Action.PRICES_MORE: products.more_prices,
    Action.NEW_PRODUCT: product_forms.new_product,
    Action.EDIT_PRODUCT: product_forms.edit_product,
    Action.NEW_PRICE: product_forms.new_price,
    Action.BACK_TO_EDITOR: submitting.back_to_editor,
    Action.SAVE_TEMPLATE: templates.save_draft,
    Action.ALL_TEMPLATES: templates.open_list,
    Action.USE_TEMPLATE: templates.use,
    Action.RENAME_TEMPLATE: templates.rename,
    Action.DELETE_TEMPLATE: templates.delete,
}

ADDRESSES = (
    Action.OPEN_LINK,
    Action.OPEN_SUCCESSOR,
    Action.VIEW_IN_STRIPE,
    Action.RECEIPT,
    Action.INVOICE,
    Action.INVOICE_PDF,
)
"""Buttons that only open an address; Slack wants them acknowledged all the same."""

SUBMISSIONS: Mapping[View, Replier] = {
    View.EDITOR: editor.submit,
    View.ITEM: items.submit_item,
    View.OPTION: options.submit_option,
    View.SHIPPING_RATE: shipping.submit_rate,
    View.LINKS: links.submit_list,
    View.SHARE: sharing.submit_share,
    View.COUPONS: coupons.submit_coupons,
    View.NEW_COUPON: coupons.submit_form,
    View.NEW_CODE: coupons.submit_form,
    View.NOTICES: notices.submit_notices,
    View.PRODUCTS: products.submit_products,
    View.PRODUCT_FORM: product_forms.submit_product,
    View.PRICE_FORM: product_forms.submit_price,
    View.PRICE_EDIT: product_forms.submit_price_edit,
    View.CONFLICT: submitting.submit_conflict,
    View.REPLACE: submitting.submit_replace,
    View.TEMPLATE: templates.submit,
}

PICKERS: Mapping[Action, Callable[[Visit], Awaitable[list[Json]]]] = {
    Action.ITEM_PRICE: pickers.prices,
    Action.ITEM_CURRENCY: pickers.currencies,
    Action.FIELD_PRICE: pickers.prices_for_option,
    Action.FIELD_RATES: pickers.rates,
    Action.FIELD_CURRENCY: pickers.currencies,
    Action.FIELD_PRODUCTS: pickers.products,
    Action.FIELD_PROMOTION_CODE: pickers.promotion_codes,
}

EVENTS: Mapping[Event, Callable[[Face, Json], Awaitable[None]]] = {
    Event.APP_HOME_OPENED: home.home_opened,
    Event.MEMBER_JOINED_CHANNEL: home.joined,
}


def register(app: AsyncApp, services: Services, slack: SlackGateway, settings: FaceSettings) -> Background:
    """Puts every listener on the app, which must have `process_before_response=True`: then Slack's answer leaves as
    soon as a listener has acknowledged. What goes on after that is in the Background returned; drain it at the end."""
    face = Face(services, slack, settings)
    door = Door(face)
    actions: dict[str, Listener] = {action: door.later(handler) for action, handler in ACTIONS.items()}
    actions |= dict.fromkeys(ADDRESSES, _acknowledge)
    submissions: dict[str, Listener] = {view: door.submission(replier) for view, replier in SUBMISSIONS.items()}
    pickers: dict[str, Listener] = {action: door.options(picker) for action, picker in PICKERS.items()}
    shortcuts: dict[str, Listener] = {shortcut: door.later(handler) for shortcut, handler in SHORTCUTS.items()}
    events: dict[str, Listener] = {event: door.event(reaction) for event, reaction in EVENTS.items()}
    app.use(
        Lookup(
            [
                (COMMAND, {Command.PAYLINK: command.listener(door)}),
                (ACTION, actions),
                (SUBMISSION, submissions),
                (SUGGESTION, pickers),
                (SHORTCUT, shortcuts),
                (EVENT, events),
            ]
        )
    )
    return face.background


async def _acknowledge(ack: AsyncAck, body: Json) -> None:
    await ack()
