"""Items: what one unit weighs and measures, what it is, how it is sold."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from promise_engine.models._base import Dimensions, Id, Model, PositiveQuantity, Quantity, Sku


class Component(Model):
    """What one kit holds of another item."""

    sku: Sku
    quantity: PositiveQuantity = Decimal(1)


class Item(Model):
    """One SKU. Quantities are integer multiples of `step`; one whose step is not whole is measured goods, cut as
    one piece, whatever the quantity. An item with components is a kit: sold as one, stocked as what it holds."""

    sku: Sku
    name: str = ""
    weight_grams: int | None = Field(
        None, ge=0, le=10**7, description="Of one unit (of quantity 1 for measured goods)."
    )
    dimensions: Dimensions | None = None
    category: str | None = None
    tags: tuple[str, ...] = ()
    step: PositiveQuantity = Decimal(1)
    minimum: Quantity | None = Field(None, description="Least quantity an order.")
    maximum: Quantity | None = Field(None, description="Greatest quantity an order.")
    preparation_work: int | None = Field(
        None,
        ge=0,
        le=10**6,
        description="Work of one unit, for plans that count work. Default: 1; of a kit that of its components.",
    )
    ship_group: Id | None = Field(
        None,
        description="Items of different ship groups never share a shipment: furniture and what goes by parcel, say.",
    )
    components: tuple[Component, ...] = Field((), description="Of a kit: what one of it holds, each SKU once.")

    @model_validator(mode="after")
    def _holds_each_once(self) -> Self:
        held = [component.sku for component in self.components]
        if len(set(held)) != len(held):
            raise PydanticCustomError("components", "each SKU once")
        return self

    @model_validator(mode="after")
    def _can_be_sold(self) -> Self:
        if self.maximum is not None:
            steps, rest = divmod(self.minimum or Decimal(0), self.step)
            least = max(Decimal(1), steps + (rest > 0)) * self.step
            if least > self.maximum:
                words = f"at least {least.normalize():f}, the least multiple of the step that may be sold"
                raise PydanticCustomError("maximum", words)
        return self


class CatalogueDocument(Model):
    """The document form of a catalogue."""

    format: Literal["promise-engine/catalogue/1"] = "promise-engine/catalogue/1"
    items: tuple[Item, ...] = ()
