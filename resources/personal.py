"""What is known of the product holds nobody's data, but may name somebody in its title."""

from core.personal import Held, harmless, hold

hold(Held("resources.Defect", "Known defects", blot=("title",)))
harmless("resources.Defect", "a number, a build", "number", "fixed_in")
