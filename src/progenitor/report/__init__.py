"""Tables, figures and the self-contained HTML report, drawn from finished results."""

__all__: list[str] = []
