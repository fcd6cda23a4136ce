"""What people can do, one module per noun. Services know no Slack views and no HTTP."""

from dataclasses import dataclass

from bot.services.access import AccessService
from bot.services.catalog import CatalogService
from bot.services.discounts import DiscountService
from bot.services.facts import FactService
from bot.services.links import LinkService
from bot.services.members import MemberService
from bot.services.muting import MutingService
from bot.services.notices import NoticeService
from bot.services.objects import ObjectMirror
from bot.services.payments import PaymentService
from bot.services.products import ProductService
from bot.services.shipping import ShippingService
from bot.services.templates import TemplateService


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the faces of the app may call, for one workspace."""

    access: AccessService
    links: LinkService
    catalog: CatalogService
    discounts: DiscountService
    products: ProductService
    facts: FactService
    members: MemberService
    muting: MutingService
    notices: NoticeService
    objects: ObjectMirror
    payments: PaymentService
    templates: TemplateService
    shipping: ShippingService
