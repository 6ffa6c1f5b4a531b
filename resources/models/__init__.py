"""What is known of the product and told of it: one file a subject."""

from resources.models.defects import Defect

__all__ = ["Defect"]
