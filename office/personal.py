"""What the office's tables hold about people and what an erasure does to it (`core.personal`)."""

from core.personal import Held, harmless, hold

hold(Held("office.ImportLine", "Lines of tables that were brought in", blot=("cells", "said")))
harmless("office.ImportLine", "names of our own rows, and reasons of ours", "made", "stays")
harmless("office.ImportLine", "what stood in single fields of ours before", "before")
harmless(
    "office.DataImport",
    "a file of the vendor's, gone when it is brought in; its name, columns, counts",
    *("kind", "file", "name", "encoding", "separator", "heads", "mapping", "day_form"),
    *("counts", "said"),
)
harmless("office.Reference", "numbers of other systems", "kind", "text", "subject")
